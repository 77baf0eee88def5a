from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.new_follow import NewFollow
from ...models.problem import Problem
from ...models.subscribed_view import SubscribedView
from ...types import Response


def _get_kwargs(
    stream_id: UUID,
    *,
    body: NewFollow,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/streams/{stream_id}/subscribe/".format(
            stream_id=quote(str(stream_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | SubscribedView | None:
    if response.status_code == 200:
        response_200 = cast(Any, None)
        return response_200

    if response.status_code == 201:
        response_201 = SubscribedView.from_dict(response.json())

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
) -> Response[Any | Problem | SubscribedView]:
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
    body: NewFollow,
) -> Response[Any | Problem | SubscribedView]:
    """Subscribe To Stream

     Follows the stream; 200 where the caller did before. A paid tier is billed each month from now on,
    201.

    Args:
        stream_id (UUID):
        body (NewFollow): On which tier to follow. A paid one is billed each month; with a saved
            card the first month is paid at once.

            With `expected_price` only at that price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | SubscribedView]
    """

    kwargs = _get_kwargs(
        stream_id=stream_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    stream_id: UUID,
    *,
    client: AuthenticatedClient,
    body: NewFollow,
) -> Any | Problem | SubscribedView | None:
    """Subscribe To Stream

     Follows the stream; 200 where the caller did before. A paid tier is billed each month from now on,
    201.

    Args:
        stream_id (UUID):
        body (NewFollow): On which tier to follow. A paid one is billed each month; with a saved
            card the first month is paid at once.

            With `expected_price` only at that price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | SubscribedView
    """

    return sync_detailed(
        stream_id=stream_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    stream_id: UUID,
    *,
    client: AuthenticatedClient,
    body: NewFollow,
) -> Response[Any | Problem | SubscribedView]:
    """Subscribe To Stream

     Follows the stream; 200 where the caller did before. A paid tier is billed each month from now on,
    201.

    Args:
        stream_id (UUID):
        body (NewFollow): On which tier to follow. A paid one is billed each month; with a saved
            card the first month is paid at once.

            With `expected_price` only at that price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | SubscribedView]
    """

    kwargs = _get_kwargs(
        stream_id=stream_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    stream_id: UUID,
    *,
    client: AuthenticatedClient,
    body: NewFollow,
) -> Any | Problem | SubscribedView | None:
    """Subscribe To Stream

     Follows the stream; 200 where the caller did before. A paid tier is billed each month from now on,
    201.

    Args:
        stream_id (UUID):
        body (NewFollow): On which tier to follow. A paid one is billed each month; with a saved
            card the first month is paid at once.

            With `expected_price` only at that price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | SubscribedView
    """

    return (
        await asyncio_detailed(
            stream_id=stream_id,
            client=client,
            body=body,
        )
    ).parsed
