from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.usual_schedule_body import UsualScheduleBody
from ...models.usual_schedule_view import UsualScheduleView
from ...types import Response


def _get_kwargs(
    practitioner_id: UUID,
    *,
    body: UsualScheduleBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/practitioners/{practitioner_id}/schedule/".format(
            practitioner_id=quote(str(practitioner_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | UsualScheduleView | None:
    if response.status_code == 200:
        response_200 = UsualScheduleView.from_dict(response.json())

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
) -> Response[Problem | UsualScheduleView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    practitioner_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UsualScheduleBody,
) -> Response[Problem | UsualScheduleView]:
    """Replace Practitioner Schedule

     Replaces one's own hours, limits and travel time as a whole.

    Args:
        practitioner_id (UUID):
        body (UsualScheduleBody): A practitioner's usual schedule, with limits over all services;
            it replaces the one before.

            Sessions at two locations are at least `travel_minutes` apart.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UsualScheduleView]
    """

    kwargs = _get_kwargs(
        practitioner_id=practitioner_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    practitioner_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UsualScheduleBody,
) -> Problem | UsualScheduleView | None:
    """Replace Practitioner Schedule

     Replaces one's own hours, limits and travel time as a whole.

    Args:
        practitioner_id (UUID):
        body (UsualScheduleBody): A practitioner's usual schedule, with limits over all services;
            it replaces the one before.

            Sessions at two locations are at least `travel_minutes` apart.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UsualScheduleView
    """

    return sync_detailed(
        practitioner_id=practitioner_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    practitioner_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UsualScheduleBody,
) -> Response[Problem | UsualScheduleView]:
    """Replace Practitioner Schedule

     Replaces one's own hours, limits and travel time as a whole.

    Args:
        practitioner_id (UUID):
        body (UsualScheduleBody): A practitioner's usual schedule, with limits over all services;
            it replaces the one before.

            Sessions at two locations are at least `travel_minutes` apart.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UsualScheduleView]
    """

    kwargs = _get_kwargs(
        practitioner_id=practitioner_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    practitioner_id: UUID,
    *,
    client: AuthenticatedClient,
    body: UsualScheduleBody,
) -> Problem | UsualScheduleView | None:
    """Replace Practitioner Schedule

     Replaces one's own hours, limits and travel time as a whole.

    Args:
        practitioner_id (UUID):
        body (UsualScheduleBody): A practitioner's usual schedule, with limits over all services;
            it replaces the one before.

            Sessions at two locations are at least `travel_minutes` apart.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UsualScheduleView
    """

    return (
        await asyncio_detailed(
            practitioner_id=practitioner_id,
            client=client,
            body=body,
        )
    ).parsed
