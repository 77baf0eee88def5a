from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.refund_body import RefundBody
from ...models.refund_view import RefundView
from ...types import Response


def _get_kwargs(
    booking_id: UUID,
    *,
    body: RefundBody,
    x_confirm_action: str,
    idempotency_key: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-confirm-action"] = x_confirm_action

    headers["idempotency-key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/admin/bookings/{booking_id}/refund/".format(
            booking_id=quote(str(booking_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RefundView | None:
    if response.status_code == 200:
        response_200 = RefundView.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 428:
        response_428 = Problem.from_dict(response.json())

        return response_428

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | RefundView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    booking_id: UUID,
    *,
    client: AuthenticatedClient,
    body: RefundBody,
    x_confirm_action: str,
    idempotency_key: str,
) -> Response[Problem | RefundView]:
    """Refund Booking

     Gives money back whatever the policy says.

    Args:
        booking_id (UUID):
        x_confirm_action (str):
        idempotency_key (str):
        body (RefundBody): What staff give back: an amount, or without one everything that is
            left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RefundView]
    """

    kwargs = _get_kwargs(
        booking_id=booking_id,
        body=body,
        x_confirm_action=x_confirm_action,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    booking_id: UUID,
    *,
    client: AuthenticatedClient,
    body: RefundBody,
    x_confirm_action: str,
    idempotency_key: str,
) -> Problem | RefundView | None:
    """Refund Booking

     Gives money back whatever the policy says.

    Args:
        booking_id (UUID):
        x_confirm_action (str):
        idempotency_key (str):
        body (RefundBody): What staff give back: an amount, or without one everything that is
            left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RefundView
    """

    return sync_detailed(
        booking_id=booking_id,
        client=client,
        body=body,
        x_confirm_action=x_confirm_action,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    booking_id: UUID,
    *,
    client: AuthenticatedClient,
    body: RefundBody,
    x_confirm_action: str,
    idempotency_key: str,
) -> Response[Problem | RefundView]:
    """Refund Booking

     Gives money back whatever the policy says.

    Args:
        booking_id (UUID):
        x_confirm_action (str):
        idempotency_key (str):
        body (RefundBody): What staff give back: an amount, or without one everything that is
            left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RefundView]
    """

    kwargs = _get_kwargs(
        booking_id=booking_id,
        body=body,
        x_confirm_action=x_confirm_action,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    booking_id: UUID,
    *,
    client: AuthenticatedClient,
    body: RefundBody,
    x_confirm_action: str,
    idempotency_key: str,
) -> Problem | RefundView | None:
    """Refund Booking

     Gives money back whatever the policy says.

    Args:
        booking_id (UUID):
        x_confirm_action (str):
        idempotency_key (str):
        body (RefundBody): What staff give back: an amount, or without one everything that is
            left.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RefundView
    """

    return (
        await asyncio_detailed(
            booking_id=booking_id,
            client=client,
            body=body,
            x_confirm_action=x_confirm_action,
            idempotency_key=idempotency_key,
        )
    ).parsed
