import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.listing_of_service_view import ListingOfServiceView
from ...models.problem import Problem
from ...models.service_type import ServiceType
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
    category: None | str | Unset = UNSET,
    service_type: None | ServiceType | Unset = UNSET,
    practitioner_id: None | Unset | UUID = UNSET,
    price_min: float | None | Unset = UNSET,
    price_max: float | None | Unset = UNSET,
    available_from: datetime.datetime | None | Unset = UNSET,
    available_to: datetime.datetime | None | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

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

    json_category: None | str | Unset
    if isinstance(category, Unset):
        json_category = UNSET
    else:
        json_category = category
    params["category"] = json_category

    json_service_type: None | str | Unset
    if isinstance(service_type, Unset):
        json_service_type = UNSET
    elif isinstance(service_type, ServiceType):
        json_service_type = service_type.value
    else:
        json_service_type = service_type
    params["service_type"] = json_service_type

    json_practitioner_id: None | str | Unset
    if isinstance(practitioner_id, Unset):
        json_practitioner_id = UNSET
    elif isinstance(practitioner_id, UUID):
        json_practitioner_id = str(practitioner_id)
    else:
        json_practitioner_id = practitioner_id
    params["practitioner_id"] = json_practitioner_id

    json_price_min: float | None | Unset
    if isinstance(price_min, Unset):
        json_price_min = UNSET
    else:
        json_price_min = price_min
    params["price_min"] = json_price_min

    json_price_max: float | None | Unset
    if isinstance(price_max, Unset):
        json_price_max = UNSET
    else:
        json_price_max = price_max
    params["price_max"] = json_price_max

    json_available_from: None | str | Unset
    if isinstance(available_from, Unset):
        json_available_from = UNSET
    elif isinstance(available_from, datetime.datetime):
        json_available_from = available_from.isoformat()
    else:
        json_available_from = available_from
    params["available_from"] = json_available_from

    json_available_to: None | str | Unset
    if isinstance(available_to, Unset):
        json_available_to = UNSET
    elif isinstance(available_to, datetime.datetime):
        json_available_to = available_to.isoformat()
    else:
        json_available_to = available_to
    params["available_to"] = json_available_to

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/services/",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ListingOfServiceView | Problem | None:
    if response.status_code == 200:
        response_200 = ListingOfServiceView.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

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
) -> Response[ListingOfServiceView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
    category: None | str | Unset = UNSET,
    service_type: None | ServiceType | Unset = UNSET,
    practitioner_id: None | Unset | UUID = UNSET,
    price_min: float | None | Unset = UNSET,
    price_max: float | None | Unset = UNSET,
    available_from: datetime.datetime | None | Unset = UNSET,
    available_to: datetime.datetime | None | Unset = UNSET,
) -> Response[ListingOfServiceView | Problem]:
    """List Services

     Services on sale; `ordering` by created_at, price or title; with `search` the best match comes
    first.

    With `available_from` and `available_to` those that can be booked for a start in that time.

    Args:
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):
        category (None | str | Unset):
        service_type (None | ServiceType | Unset):
        practitioner_id (None | Unset | UUID):
        price_min (float | None | Unset):
        price_max (float | None | Unset):
        available_from (datetime.datetime | None | Unset):
        available_to (datetime.datetime | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfServiceView | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
        category=category,
        service_type=service_type,
        practitioner_id=practitioner_id,
        price_min=price_min,
        price_max=price_max,
        available_from=available_from,
        available_to=available_to,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
    category: None | str | Unset = UNSET,
    service_type: None | ServiceType | Unset = UNSET,
    practitioner_id: None | Unset | UUID = UNSET,
    price_min: float | None | Unset = UNSET,
    price_max: float | None | Unset = UNSET,
    available_from: datetime.datetime | None | Unset = UNSET,
    available_to: datetime.datetime | None | Unset = UNSET,
) -> ListingOfServiceView | Problem | None:
    """List Services

     Services on sale; `ordering` by created_at, price or title; with `search` the best match comes
    first.

    With `available_from` and `available_to` those that can be booked for a start in that time.

    Args:
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):
        category (None | str | Unset):
        service_type (None | ServiceType | Unset):
        practitioner_id (None | Unset | UUID):
        price_min (float | None | Unset):
        price_max (float | None | Unset):
        available_from (datetime.datetime | None | Unset):
        available_to (datetime.datetime | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfServiceView | Problem
    """

    return sync_detailed(
        client=client,
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
        category=category,
        service_type=service_type,
        practitioner_id=practitioner_id,
        price_min=price_min,
        price_max=price_max,
        available_from=available_from,
        available_to=available_to,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
    category: None | str | Unset = UNSET,
    service_type: None | ServiceType | Unset = UNSET,
    practitioner_id: None | Unset | UUID = UNSET,
    price_min: float | None | Unset = UNSET,
    price_max: float | None | Unset = UNSET,
    available_from: datetime.datetime | None | Unset = UNSET,
    available_to: datetime.datetime | None | Unset = UNSET,
) -> Response[ListingOfServiceView | Problem]:
    """List Services

     Services on sale; `ordering` by created_at, price or title; with `search` the best match comes
    first.

    With `available_from` and `available_to` those that can be booked for a start in that time.

    Args:
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):
        category (None | str | Unset):
        service_type (None | ServiceType | Unset):
        practitioner_id (None | Unset | UUID):
        price_min (float | None | Unset):
        price_max (float | None | Unset):
        available_from (datetime.datetime | None | Unset):
        available_to (datetime.datetime | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfServiceView | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
        category=category,
        service_type=service_type,
        practitioner_id=practitioner_id,
        price_min=price_min,
        price_max=price_max,
        available_from=available_from,
        available_to=available_to,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
    category: None | str | Unset = UNSET,
    service_type: None | ServiceType | Unset = UNSET,
    practitioner_id: None | Unset | UUID = UNSET,
    price_min: float | None | Unset = UNSET,
    price_max: float | None | Unset = UNSET,
    available_from: datetime.datetime | None | Unset = UNSET,
    available_to: datetime.datetime | None | Unset = UNSET,
) -> ListingOfServiceView | Problem | None:
    """List Services

     Services on sale; `ordering` by created_at, price or title; with `search` the best match comes
    first.

    With `available_from` and `available_to` those that can be booked for a start in that time.

    Args:
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):
        category (None | str | Unset):
        service_type (None | ServiceType | Unset):
        practitioner_id (None | Unset | UUID):
        price_min (float | None | Unset):
        price_max (float | None | Unset):
        available_from (datetime.datetime | None | Unset):
        available_to (datetime.datetime | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfServiceView | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            offset=offset,
            ordering=ordering,
            search=search,
            category=category,
            service_type=service_type,
            practitioner_id=practitioner_id,
            price_min=price_min,
            price_max=price_max,
            available_from=available_from,
            available_to=available_to,
        )
    ).parsed
