from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.listing_of_post_view_or_locked_post_view import (
    ListingOfPostViewOrLockedPostView,
)
from ...models.post_status import PostStatus
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    stream_id: UUID,
    *,
    status: PostStatus | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status.value

    params["status"] = json_status

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
        "url": "/api/v1/streams/{stream_id}/posts/".format(
            stream_id=quote(str(stream_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ListingOfPostViewOrLockedPostView | Problem | None:
    if response.status_code == 200:
        response_200 = ListingOfPostViewOrLockedPostView.from_dict(response.json())

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
) -> Response[ListingOfPostViewOrLockedPostView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    stream_id: UUID,
    *,
    client: AuthenticatedClient,
    status: PostStatus | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> Response[ListingOfPostViewOrLockedPostView | Problem]:
    """List Posts

     The stream's posts, newest first; `search` looks into bodies only of posts that are open to the
    caller.

    Args:
        stream_id (UUID):
        status (PostStatus | Unset): How far a post has come. A scheduled post is visible from its
            moment on, before the job has marked it.
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfPostViewOrLockedPostView | Problem]
    """

    kwargs = _get_kwargs(
        stream_id=stream_id,
        status=status,
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
    stream_id: UUID,
    *,
    client: AuthenticatedClient,
    status: PostStatus | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> ListingOfPostViewOrLockedPostView | Problem | None:
    """List Posts

     The stream's posts, newest first; `search` looks into bodies only of posts that are open to the
    caller.

    Args:
        stream_id (UUID):
        status (PostStatus | Unset): How far a post has come. A scheduled post is visible from its
            moment on, before the job has marked it.
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfPostViewOrLockedPostView | Problem
    """

    return sync_detailed(
        stream_id=stream_id,
        client=client,
        status=status,
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
    ).parsed


async def asyncio_detailed(
    stream_id: UUID,
    *,
    client: AuthenticatedClient,
    status: PostStatus | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> Response[ListingOfPostViewOrLockedPostView | Problem]:
    """List Posts

     The stream's posts, newest first; `search` looks into bodies only of posts that are open to the
    caller.

    Args:
        stream_id (UUID):
        status (PostStatus | Unset): How far a post has come. A scheduled post is visible from its
            moment on, before the job has marked it.
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ListingOfPostViewOrLockedPostView | Problem]
    """

    kwargs = _get_kwargs(
        stream_id=stream_id,
        status=status,
        limit=limit,
        offset=offset,
        ordering=ordering,
        search=search,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    stream_id: UUID,
    *,
    client: AuthenticatedClient,
    status: PostStatus | Unset = UNSET,
    limit: int | Unset = 20,
    offset: int | Unset = 0,
    ordering: None | str | Unset = UNSET,
    search: None | str | Unset = UNSET,
) -> ListingOfPostViewOrLockedPostView | Problem | None:
    """List Posts

     The stream's posts, newest first; `search` looks into bodies only of posts that are open to the
    caller.

    Args:
        stream_id (UUID):
        status (PostStatus | Unset): How far a post has come. A scheduled post is visible from its
            moment on, before the job has marked it.
        limit (int | Unset):  Default: 20.
        offset (int | Unset):  Default: 0.
        ordering (None | str | Unset): Columns, `-` before one to reverse
        search (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ListingOfPostViewOrLockedPostView | Problem
    """

    return (
        await asyncio_detailed(
            stream_id=stream_id,
            client=client,
            status=status,
            limit=limit,
            offset=offset,
            ordering=ordering,
            search=search,
        )
    ).parsed
