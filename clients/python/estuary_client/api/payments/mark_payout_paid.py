from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.paid_outside import PaidOutside
from ...models.payout_view import PayoutView
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    payout_id: UUID,
    *,
    body: PaidOutside,
    x_confirm_action: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-confirm-action"] = x_confirm_action

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/admin/payouts/{payout_id}/mark-paid/".format(
            payout_id=quote(str(payout_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PayoutView | Problem | None:
    if response.status_code == 200:
        response_200 = PayoutView.from_dict(response.json())

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
) -> Response[PayoutView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    payout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: PaidOutside,
    x_confirm_action: str,
) -> Response[PayoutView | Problem]:
    """Mark Payout Paid

     Keeps that the practitioner has the money of a payout that needs attention, paid in another way.

    Args:
        payout_id (UUID):
        x_confirm_action (str):
        body (PaidOutside): Where the payment that staff made, or found, can be looked up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PayoutView | Problem]
    """

    kwargs = _get_kwargs(
        payout_id=payout_id,
        body=body,
        x_confirm_action=x_confirm_action,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    payout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: PaidOutside,
    x_confirm_action: str,
) -> PayoutView | Problem | None:
    """Mark Payout Paid

     Keeps that the practitioner has the money of a payout that needs attention, paid in another way.

    Args:
        payout_id (UUID):
        x_confirm_action (str):
        body (PaidOutside): Where the payment that staff made, or found, can be looked up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PayoutView | Problem
    """

    return sync_detailed(
        payout_id=payout_id,
        client=client,
        body=body,
        x_confirm_action=x_confirm_action,
    ).parsed


async def asyncio_detailed(
    payout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: PaidOutside,
    x_confirm_action: str,
) -> Response[PayoutView | Problem]:
    """Mark Payout Paid

     Keeps that the practitioner has the money of a payout that needs attention, paid in another way.

    Args:
        payout_id (UUID):
        x_confirm_action (str):
        body (PaidOutside): Where the payment that staff made, or found, can be looked up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PayoutView | Problem]
    """

    kwargs = _get_kwargs(
        payout_id=payout_id,
        body=body,
        x_confirm_action=x_confirm_action,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    payout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: PaidOutside,
    x_confirm_action: str,
) -> PayoutView | Problem | None:
    """Mark Payout Paid

     Keeps that the practitioner has the money of a payout that needs attention, paid in another way.

    Args:
        payout_id (UUID):
        x_confirm_action (str):
        body (PaidOutside): Where the payment that staff made, or found, can be looked up.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PayoutView | Problem
    """

    return (
        await asyncio_detailed(
            payout_id=payout_id,
            client=client,
            body=body,
            x_confirm_action=x_confirm_action,
        )
    ).parsed
