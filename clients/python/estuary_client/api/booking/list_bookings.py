from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.booking_status import BookingStatus
from ...models.list_bookings_as_type_0 import ListBookingsAsType0
from ...models.listing_of_booking_view import ListingOfBookingView
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    as_: ListBookingsAsType0 | None | Unset = UNSET,
    status: BookingStatus | None | Unset = UNSET,
    parent_booking_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_as_: None | str | Unset
    if isinstance(as_, Unset):
        json_as_ = UNSET
    elif isinstance(as_, ListBookingsAsType0):
        json_as_ = as_.value
    else:
        json_as_ = as_
    params["as"] = json_as_

    json_status: None | str | Unset
    if isinstance(status, Unset):
        json_status = UNSET
    elif isinstance(status, BookingStatus):
        json_status = status.value
    else:
        json_status = status
    params["status"] = json_status

    json_parent_booking_id: None | str | Unset
    if isinstance(parent_booking_id, Unset):
        json_parent_booking_id = UNSET
    elif isinstance(parent_booking_id, UUID):
        json_parent_booking_id = str(parent_booking_id)
    else:
        json_parent_booking_id = parent_booking_id
    params["parent_booking_id"] = json_parent_booking_id

    params["limit"] = limit

    params["offset"] = offset

    json_ordering: None | str | Unset
    if isinstance(ordering, Unset):
        json_ordering = UNSET
    else:
        json_ordering = ordering
    params["ordering"] = json_ordering

    json_search: None | str | Unset
    if isinstance(search, Unset):
        json_search = UNSET
    else:
        json_search = search
    params["search"] = json_search

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/bookings/",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ListingOfBookingView | Problem | None:
    if response.status_code == 200:
        response_200 = ListingOfBookingView.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[ListingOfBookingView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    as_: ListBookingsAsType0 | None | Unset = UNSET,
    status: BookingStatus | None | Unset = UNSET,
    parent_booking_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> Response[ListingOfBookingView | Problem]:
    """List Bookings

     One's bookings, as client, as practitioner, or both: what was bought as one is one, unless its parts
    are asked
    for.

    Args:
        as_ (ListBookingsAsType0 | None | Unset): In which role; both without it
        status (BookingStatus | None | Unset):
        parent_booking_id (None | Unset | UUID):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfBookingView | Problem]
    """

    kwargs = _get_kwargs(
        as_=as_,
        status=status,
        parent_booking_id=parent_booking_id,
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    as_: ListBookingsAsType0 | None | Unset = UNSET,
    status: BookingStatus | None | Unset = UNSET,
    parent_booking_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> ListingOfBookingView | Problem | None:
    """List Bookings

     One's bookings, as client, as practitioner, or both: what was bought as one is one, unless its parts
    are asked
    for.

    Args:
        as_ (ListBookingsAsType0 | None | Unset): In which role; both without it
        status (BookingStatus | None | Unset):
        parent_booking_id (None | Unset | UUID):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfBookingView | Problem
    """

    return sync_detailed(
        client=client,
        as_=as_,
        status=status,
        parent_booking_id=parent_booking_id,
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    as_: ListBookingsAsType0 | None | Unset = UNSET,
    status: BookingStatus | None | Unset = UNSET,
    parent_booking_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> Response[ListingOfBookingView | Problem]:
    """List Bookings

     One's bookings, as client, as practitioner, or both: what was bought as one is one, unless its parts
    are asked
    for.

    Args:
        as_ (ListBookingsAsType0 | None | Unset): In which role; both without it
        status (BookingStatus | None | Unset):
        parent_booking_id (None | Unset | UUID):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfBookingView | Problem]
    """

    kwargs = _get_kwargs(
        as_=as_,
        status=status,
        parent_booking_id=parent_booking_id,
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    as_: ListBookingsAsType0 | None | Unset = UNSET,
    status: BookingStatus | None | Unset = UNSET,
    parent_booking_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> ListingOfBookingView | Problem | None:
    """List Bookings

     One's bookings, as client, as practitioner, or both: what was bought as one is one, unless its parts
    are asked
    for.

    Args:
        as_ (ListBookingsAsType0 | None | Unset): In which role; both without it
        status (BookingStatus | None | Unset):
        parent_booking_id (None | Unset | UUID):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfBookingView | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            as_=as_,
            status=status,
            parent_booking_id=parent_booking_id,
            limit=limit,
            offset=offset,
            ordering=ordering,
            search=search,
        )
    ).parsed
