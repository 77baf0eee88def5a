from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.staff_cancellation import StaffCancellation
from ...models.subscription_view import SubscriptionView
from ...types import Response


def _get_kwargs(
    subscription_id: UUID,
    *,
    body: StaffCancellation,
    x_confirm_action: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-confirm-action"] = x_confirm_action

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/admin/subscriptions/{subscription_id}/cancel/".format(
            subscription_id=quote(str(subscription_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SubscriptionView | None:
    if response.status_code == 200:
        response_200 = SubscriptionView.from_dict(response.json())

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
) -> Response[Problem | SubscriptionView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    subscription_id: UUID,
    *,
    client: AuthenticatedClient,
    body: StaffCancellation,
    x_confirm_action: str,
) -> Response[Problem | SubscriptionView]:
    """Cancel Subscription As Staff

     Ends it at the end of what is paid, or now, and refunds nothing, what is unused, or all of the
    current period.

    Args:
        subscription_id (UUID):
        x_confirm_action (str):
        body (StaffCancellation): When it ends, also where it is paid, and what of the current
            period's bills goes back: nothing, the share of the
            time that is left then, or all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SubscriptionView]
    """

    kwargs = _get_kwargs(
        subscription_id=subscription_id,
        body=body,
        x_confirm_action=x_confirm_action,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    subscription_id: UUID,
    *,
    client: AuthenticatedClient,
    body: StaffCancellation,
    x_confirm_action: str,
) -> Problem | SubscriptionView | None:
    """Cancel Subscription As Staff

     Ends it at the end of what is paid, or now, and refunds nothing, what is unused, or all of the
    current period.

    Args:
        subscription_id (UUID):
        x_confirm_action (str):
        body (StaffCancellation): When it ends, also where it is paid, and what of the current
            period's bills goes back: nothing, the share of the
            time that is left then, or all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SubscriptionView
    """

    return sync_detailed(
        subscription_id=subscription_id,
        client=client,
        body=body,
        x_confirm_action=x_confirm_action,
    ).parsed


async def asyncio_detailed(
    subscription_id: UUID,
    *,
    client: AuthenticatedClient,
    body: StaffCancellation,
    x_confirm_action: str,
) -> Response[Problem | SubscriptionView]:
    """Cancel Subscription As Staff

     Ends it at the end of what is paid, or now, and refunds nothing, what is unused, or all of the
    current period.

    Args:
        subscription_id (UUID):
        x_confirm_action (str):
        body (StaffCancellation): When it ends, also where it is paid, and what of the current
            period's bills goes back: nothing, the share of the
            time that is left then, or all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SubscriptionView]
    """

    kwargs = _get_kwargs(
        subscription_id=subscription_id,
        body=body,
        x_confirm_action=x_confirm_action,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    subscription_id: UUID,
    *,
    client: AuthenticatedClient,
    body: StaffCancellation,
    x_confirm_action: str,
) -> Problem | SubscriptionView | None:
    """Cancel Subscription As Staff

     Ends it at the end of what is paid, or now, and refunds nothing, what is unused, or all of the
    current period.

    Args:
        subscription_id (UUID):
        x_confirm_action (str):
        body (StaffCancellation): When it ends, also where it is paid, and what of the current
            period's bills goes back: nothing, the share of the
            time that is left then, or all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SubscriptionView
    """

    return (
        await asyncio_detailed(
            subscription_id=subscription_id,
            client=client,
            body=body,
            x_confirm_action=x_confirm_action,
        )
    ).parsed
