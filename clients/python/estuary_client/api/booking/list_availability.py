import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.listing_of_slot_view import ListingOfSlotView
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    practitioner_id: UUID,
    *,
    service_id: UUID,
    from_: datetime.date | None | Unset = UNSET,
    to: datetime.date | None | Unset = UNSET,
    location_id: None | Unset | UUID = UNSET,
    moving: None | Unset | UUID = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_service_id = str(service_id)
    params["service_id"] = json_service_id

    json_from_: None | str | Unset
    if isinstance(from_, Unset):
        json_from_ = UNSET
    elif isinstance(from_, datetime.date):
        json_from_ = from_.isoformat()
    else:
        json_from_ = from_
    params["from"] = json_from_

    json_to: None | str | Unset
    if isinstance(to, Unset):
        json_to = UNSET
    elif isinstance(to, datetime.date):
        json_to = to.isoformat()
    else:
        json_to = to
    params["to"] = json_to

    json_location_id: None | str | Unset
    if isinstance(location_id, Unset):
        json_location_id = UNSET
    elif isinstance(location_id, UUID):
        json_location_id = str(location_id)
    else:
        json_location_id = location_id
    params["location_id"] = json_location_id

    json_moving: None | str | Unset
    if isinstance(moving, Unset):
        json_moving = UNSET
    elif isinstance(moving, UUID):
        json_moving = str(moving)
    else:
        json_moving = moving
    params["moving"] = json_moving

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/practitioners/{practitioner_id}/availability/".format(
            practitioner_id=quote(str(practitioner_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ListingOfSlotView | Problem | None:
    if response.status_code == 200:
        response_200 = ListingOfSlotView.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
) -> Response[ListingOfSlotView | Problem]:
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
    service_id: UUID,
    from_: datetime.date | None | Unset = UNSET,
    to: datetime.date | None | Unset = UNSET,
    location_id: None | Unset | UUID = UNSET,
    moving: None | Unset | UUID = UNSET,
) -> Response[ListingOfSlotView | Problem]:
    """List Availability

     The slots that can be booked now, all in one page; with `moving`, those that this booking can be
    moved to.

    Args:
        practitioner_id (UUID):
        service_id (UUID):
        from_ (datetime.date | None | Unset): A date in the practitioner's zone
        to (datetime.date | None | Unset): Exclusive
        location_id (None | Unset | UUID):
        moving (None | Unset | UUID): A booking of one's own, whose seat counts as free

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfSlotView | Problem]
    """

    kwargs = _get_kwargs(
        practitioner_id=practitioner_id,
        service_id=service_id,
        from_=from_,
        to=to,
        location_id=location_id,
        moving=moving,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    practitioner_id: UUID,
    *,
    client: AuthenticatedClient,
    service_id: UUID,
    from_: datetime.date | None | Unset = UNSET,
    to: datetime.date | None | Unset = UNSET,
    location_id: None | Unset | UUID = UNSET,
    moving: None | Unset | UUID = UNSET,
) -> ListingOfSlotView | Problem | None:
    """List Availability

     The slots that can be booked now, all in one page; with `moving`, those that this booking can be
    moved to.

    Args:
        practitioner_id (UUID):
        service_id (UUID):
        from_ (datetime.date | None | Unset): A date in the practitioner's zone
        to (datetime.date | None | Unset): Exclusive
        location_id (None | Unset | UUID):
        moving (None | Unset | UUID): A booking of one's own, whose seat counts as free

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfSlotView | Problem
    """

    return sync_detailed(
        practitioner_id=practitioner_id,
        client=client,
        service_id=service_id,
        from_=from_,
        to=to,
        location_id=location_id,
        moving=moving,
    ).parsed


async def asyncio_detailed(
    practitioner_id: UUID,
    *,
    client: AuthenticatedClient,
    service_id: UUID,
    from_: datetime.date | None | Unset = UNSET,
    to: datetime.date | None | Unset = UNSET,
    location_id: None | Unset | UUID = UNSET,
    moving: None | Unset | UUID = UNSET,
) -> Response[ListingOfSlotView | Problem]:
    """List Availability

     The slots that can be booked now, all in one page; with `moving`, those that this booking can be
    moved to.

    Args:
        practitioner_id (UUID):
        service_id (UUID):
        from_ (datetime.date | None | Unset): A date in the practitioner's zone
        to (datetime.date | None | Unset): Exclusive
        location_id (None | Unset | UUID):
        moving (None | Unset | UUID): A booking of one's own, whose seat counts as free

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfSlotView | Problem]
    """

    kwargs = _get_kwargs(
        practitioner_id=practitioner_id,
        service_id=service_id,
        from_=from_,
        to=to,
        location_id=location_id,
        moving=moving,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    practitioner_id: UUID,
    *,
    client: AuthenticatedClient,
    service_id: UUID,
    from_: datetime.date | None | Unset = UNSET,
    to: datetime.date | None | Unset = UNSET,
    location_id: None | Unset | UUID = UNSET,
    moving: None | Unset | UUID = UNSET,
) -> ListingOfSlotView | Problem | None:
    """List Availability

     The slots that can be booked now, all in one page; with `moving`, those that this booking can be
    moved to.

    Args:
        practitioner_id (UUID):
        service_id (UUID):
        from_ (datetime.date | None | Unset): A date in the practitioner's zone
        to (datetime.date | None | Unset): Exclusive
        location_id (None | Unset | UUID):
        moving (None | Unset | UUID): A booking of one's own, whose seat counts as free

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfSlotView | Problem
    """

    return (
        await asyncio_detailed(
            practitioner_id=practitioner_id,
            client=client,
            service_id=service_id,
            from_=from_,
            to=to,
            location_id=location_id,
            moving=moving,
        )
    ).parsed
