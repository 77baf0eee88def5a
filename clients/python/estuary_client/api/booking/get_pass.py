from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.pass_view import PassView
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    pass_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/passes/{pass_id}/".format(
            pass_id=quote(str(pass_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PassView | Problem | None:
    if response.status_code == 200:
        response_200 = PassView.from_dict(response.json())

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
) -> Response[PassView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    pass_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[PassView | Problem]:
    """Get Pass

     A pass of one's own, with its sessions.

    Args:
        pass_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PassView | Problem]
    """

    kwargs = _get_kwargs(
        pass_id=pass_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    pass_id: UUID,
    *,
    client: AuthenticatedClient,
) -> PassView | Problem | None:
    """Get Pass

     A pass of one's own, with its sessions.

    Args:
        pass_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PassView | Problem
    """

    return sync_detailed(
        pass_id=pass_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    pass_id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[PassView | Problem]:
    """Get Pass

     A pass of one's own, with its sessions.

    Args:
        pass_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PassView | Problem]
    """

    kwargs = _get_kwargs(
        pass_id=pass_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    pass_id: UUID,
    *,
    client: AuthenticatedClient,
) -> PassView | Problem | None:
    """Get Pass

     A pass of one's own, with its sessions.

    Args:
        pass_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PassView | Problem
    """

    return (
        await asyncio_detailed(
            pass_id=pass_id,
            client=client,
        )
    ).parsed
