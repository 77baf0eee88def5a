from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.membership_plan_change import MembershipPlanChange
from ...models.organizer_plan_change import OrganizerPlanChange
from ...models.plan_view import PlanView
from ...models.platform_plan_change import PlatformPlanChange
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    plan_id: UUID,
    *,
    body: MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/admin/plans/{plan_id}/".format(
            plan_id=quote(str(plan_id), safe=""),
        ),
    }

    if isinstance(body, PlatformPlanChange) or isinstance(body, OrganizerPlanChange):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PlanView | Problem | None:
    if response.status_code == 200:
        response_200 = PlanView.from_dict(response.json())

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
) -> Response[PlanView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    plan_id: UUID,
    *,
    client: AuthenticatedClient,
    body: MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange,
) -> Response[PlanView | Problem]:
    """Change Plan

     Changes a plan for those who subscribe from now on; with `is_active: false` it is not offered any
    more.

    Args:
        plan_id (UUID):
        body (MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PlanView | Problem]
    """

    kwargs = _get_kwargs(
        plan_id=plan_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    plan_id: UUID,
    *,
    client: AuthenticatedClient,
    body: MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange,
) -> PlanView | Problem | None:
    """Change Plan

     Changes a plan for those who subscribe from now on; with `is_active: false` it is not offered any
    more.

    Args:
        plan_id (UUID):
        body (MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PlanView | Problem
    """

    return sync_detailed(
        plan_id=plan_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    plan_id: UUID,
    *,
    client: AuthenticatedClient,
    body: MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange,
) -> Response[PlanView | Problem]:
    """Change Plan

     Changes a plan for those who subscribe from now on; with `is_active: false` it is not offered any
    more.

    Args:
        plan_id (UUID):
        body (MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PlanView | Problem]
    """

    kwargs = _get_kwargs(
        plan_id=plan_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    plan_id: UUID,
    *,
    client: AuthenticatedClient,
    body: MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange,
) -> PlanView | Problem | None:
    """Change Plan

     Changes a plan for those who subscribe from now on; with `is_active: false` it is not offered any
    more.

    Args:
        plan_id (UUID):
        body (MembershipPlanChange | OrganizerPlanChange | PlatformPlanChange):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PlanView | Problem
    """

    return (
        await asyncio_detailed(
            plan_id=plan_id,
            client=client,
            body=body,
        )
    ).parsed
