from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    provider: str,
    *,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: str | Unset = "",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["state"] = state

    params["code"] = code

    params["error"] = error

    params["iss"] = iss

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/auth/social/{provider}/callback/".format(
            provider=quote(str(provider), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | None:
    if response.status_code == 303:
        response_303 = cast(Any, None)
        return response_303

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
) -> Response[Any | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    provider: str,
    *,
    client: AuthenticatedClient,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: str | Unset = "",
) -> Response[Any | Problem]:
    """Return From Provider

     Where a provider sends the browser back to; it goes on to the app, with `state` and `code`, or
    `error`.

    Args:
        provider (str):
        state (str | Unset):  Default: ''.
        code (str | Unset):  Default: ''.
        error (str | Unset):  Default: ''.
        iss (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        state=state,
        code=code,
        error=error,
        iss=iss,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    provider: str,
    *,
    client: AuthenticatedClient,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: str | Unset = "",
) -> Any | Problem | None:
    """Return From Provider

     Where a provider sends the browser back to; it goes on to the app, with `state` and `code`, or
    `error`.

    Args:
        provider (str):
        state (str | Unset):  Default: ''.
        code (str | Unset):  Default: ''.
        error (str | Unset):  Default: ''.
        iss (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        provider=provider,
        client=client,
        state=state,
        code=code,
        error=error,
        iss=iss,
    ).parsed


async def asyncio_detailed(
    provider: str,
    *,
    client: AuthenticatedClient,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: str | Unset = "",
) -> Response[Any | Problem]:
    """Return From Provider

     Where a provider sends the browser back to; it goes on to the app, with `state` and `code`, or
    `error`.

    Args:
        provider (str):
        state (str | Unset):  Default: ''.
        code (str | Unset):  Default: ''.
        error (str | Unset):  Default: ''.
        iss (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        provider=provider,
        state=state,
        code=code,
        error=error,
        iss=iss,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    provider: str,
    *,
    client: AuthenticatedClient,
    state: str | Unset = "",
    code: str | Unset = "",
    error: str | Unset = "",
    iss: str | Unset = "",
) -> Any | Problem | None:
    """Return From Provider

     Where a provider sends the browser back to; it goes on to the app, with `state` and `code`, or
    `error`.

    Args:
        provider (str):
        state (str | Unset):  Default: ''.
        code (str | Unset):  Default: ''.
        error (str | Unset):  Default: ''.
        iss (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            provider=provider,
            client=client,
            state=state,
            code=code,
            error=error,
            iss=iss,
        )
    ).parsed
