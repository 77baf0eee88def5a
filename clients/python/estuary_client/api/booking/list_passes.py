from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_passes_as_type_0 import ListPassesAsType0
from ...models.listing_of_pass_view import ListingOfPassView
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    as_: ListPassesAsType0 | None | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_as_: None | str | Unset
    if isinstance(as_, Unset):
        json_as_ = UNSET
    elif isinstance(as_, ListPassesAsType0):
        json_as_ = as_.value
    else:
        json_as_ = as_
    params["as"] = json_as_

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
        "url": "/api/v1/passes/",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ListingOfPassView | Problem | None:
    if response.status_code == 200:
        response_200 = ListingOfPassView.from_dict(response.json())

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
) -> Response[ListingOfPassView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    as_: ListPassesAsType0 | None | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> Response[ListingOfPassView | Problem]:
    """List Passes

     What one has bought, or as practitioner sold; `ordering` by created_at or expires_at.

    Args:
        as_ (ListPassesAsType0 | None | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfPassView | Problem]
    """

    kwargs = _get_kwargs(
        as_=as_,
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
    as_: ListPassesAsType0 | None | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> ListingOfPassView | Problem | None:
    """List Passes

     What one has bought, or as practitioner sold; `ordering` by created_at or expires_at.

    Args:
        as_ (ListPassesAsType0 | None | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfPassView | Problem
    """

    return sync_detailed(
        client=client,
        as_=as_,
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    as_: ListPassesAsType0 | None | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> Response[ListingOfPassView | Problem]:
    """List Passes

     What one has bought, or as practitioner sold; `ordering` by created_at or expires_at.

    Args:
        as_ (ListPassesAsType0 | None | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfPassView | Problem]
    """

    kwargs = _get_kwargs(
        as_=as_,
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
    as_: ListPassesAsType0 | None | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> ListingOfPassView | Problem | None:
    """List Passes

     What one has bought, or as practitioner sold; `ordering` by created_at or expires_at.

    Args:
        as_ (ListPassesAsType0 | None | Unset):
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfPassView | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            as_=as_,
            limit=limit,
            offset=offset,
            ordering=ordering,
            search=search,
        )
    ).parsed
