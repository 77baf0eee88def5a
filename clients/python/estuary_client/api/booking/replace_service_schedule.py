from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.announced_view import AnnouncedView
from ...models.dates_body import DatesBody
from ...models.problem import Problem
from ...models.schedule_body import ScheduleBody
from ...models.schedule_choice import ScheduleChoice
from ...models.schedule_view import ScheduleView
from ...types import Response


def _get_kwargs(
    service_id: UUID,
    *,
    body: DatesBody | ScheduleBody | ScheduleChoice,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/services/{service_id}/schedule/".format(
            service_id=quote(str(service_id), safe=""),
        ),
    }

    if isinstance(body, ScheduleBody) or isinstance(body, ScheduleChoice):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AnnouncedView | ScheduleView | Problem | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> AnnouncedView | ScheduleView:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = ScheduleView.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_200_type_1 = AnnouncedView.from_dict(data)

            return response_200_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = AnnouncedView.from_dict(response.json())

        return response_201

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
) -> Response[AnnouncedView | ScheduleView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    service_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DatesBody | ScheduleBody | ScheduleChoice,
) -> Response[AnnouncedView | ScheduleView | Problem]:
    """Replace Service Schedule

     Gives one's own service hours of its own, or with `schedule_id` those of a named schedule.

    Of a workshop or a course it announces dates, all of them or none, beside those that there are.

    Args:
        service_id (UUID):
        body (DatesBody | ScheduleBody | ScheduleChoice):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnnouncedView | AnnouncedView | ScheduleView | Problem]
    """

    kwargs = _get_kwargs(
        service_id=service_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    service_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DatesBody | ScheduleBody | ScheduleChoice,
) -> AnnouncedView | ScheduleView | Problem | None:
    """Replace Service Schedule

     Gives one's own service hours of its own, or with `schedule_id` those of a named schedule.

    Of a workshop or a course it announces dates, all of them or none, beside those that there are.

    Args:
        service_id (UUID):
        body (DatesBody | ScheduleBody | ScheduleChoice):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnnouncedView | AnnouncedView | ScheduleView | Problem
    """

    return sync_detailed(
        service_id=service_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    service_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DatesBody | ScheduleBody | ScheduleChoice,
) -> Response[AnnouncedView | ScheduleView | Problem]:
    """Replace Service Schedule

     Gives one's own service hours of its own, or with `schedule_id` those of a named schedule.

    Of a workshop or a course it announces dates, all of them or none, beside those that there are.

    Args:
        service_id (UUID):
        body (DatesBody | ScheduleBody | ScheduleChoice):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnnouncedView | AnnouncedView | ScheduleView | Problem]
    """

    kwargs = _get_kwargs(
        service_id=service_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    service_id: UUID,
    *,
    client: AuthenticatedClient,
    body: DatesBody | ScheduleBody | ScheduleChoice,
) -> AnnouncedView | ScheduleView | Problem | None:
    """Replace Service Schedule

     Gives one's own service hours of its own, or with `schedule_id` those of a named schedule.

    Of a workshop or a course it announces dates, all of them or none, beside those that there are.

    Args:
        service_id (UUID):
        body (DatesBody | ScheduleBody | ScheduleChoice):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnnouncedView | AnnouncedView | ScheduleView | Problem
    """

    return (
        await asyncio_detailed(
            service_id=service_id,
            client=client,
            body=body,
        )
    ).parsed
