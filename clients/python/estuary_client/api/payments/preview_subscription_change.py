from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.change_preview import ChangePreview
from ...models.interval import Interval
from ...models.problem import Problem
from ...types import UNSET, Response


def _get_kwargs(
    subscription_id: UUID,
    *,
    plan_id: UUID,
    interval: Interval,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_plan_id = str(plan_id)
    params["plan_id"] = json_plan_id

    json_interval = interval.value
    params["interval"] = json_interval

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/subscriptions/{subscription_id}/preview/".format(
            subscription_id=quote(str(subscription_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ChangePreview | Problem | None:
    if response.status_code == 200:
        response_200 = ChangePreview.from_dict(response.json())

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

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

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
) -> Response[ChangePreview | Problem]:
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
    plan_id: UUID,
    interval: Interval,
) -> Response[ChangePreview | Problem]:
    """Preview Subscription Change

     What another plan, or another interval, would cost now, and when it would be in force.

    Args:
        subscription_id (UUID):
        plan_id (UUID):
        interval (Interval): How often a plan is billed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChangePreview | Problem]
    """

    kwargs = _get_kwargs(
        subscription_id=subscription_id,
        plan_id=plan_id,
        interval=interval,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    subscription_id: UUID,
    *,
    client: AuthenticatedClient,
    plan_id: UUID,
    interval: Interval,
) -> ChangePreview | Problem | None:
    """Preview Subscription Change

     What another plan, or another interval, would cost now, and when it would be in force.

    Args:
        subscription_id (UUID):
        plan_id (UUID):
        interval (Interval): How often a plan is billed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChangePreview | Problem
    """

    return sync_detailed(
        subscription_id=subscription_id,
        client=client,
        plan_id=plan_id,
        interval=interval,
    ).parsed


async def asyncio_detailed(
    subscription_id: UUID,
    *,
    client: AuthenticatedClient,
    plan_id: UUID,
    interval: Interval,
) -> Response[ChangePreview | Problem]:
    """Preview Subscription Change

     What another plan, or another interval, would cost now, and when it would be in force.

    Args:
        subscription_id (UUID):
        plan_id (UUID):
        interval (Interval): How often a plan is billed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChangePreview | Problem]
    """

    kwargs = _get_kwargs(
        subscription_id=subscription_id,
        plan_id=plan_id,
        interval=interval,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    subscription_id: UUID,
    *,
    client: AuthenticatedClient,
    plan_id: UUID,
    interval: Interval,
) -> ChangePreview | Problem | None:
    """Preview Subscription Change

     What another plan, or another interval, would cost now, and when it would be in force.

    Args:
        subscription_id (UUID):
        plan_id (UUID):
        interval (Interval): How often a plan is billed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChangePreview | Problem
    """

    return (
        await asyncio_detailed(
            subscription_id=subscription_id,
            client=client,
            plan_id=plan_id,
            interval=interval,
        )
    ).parsed
