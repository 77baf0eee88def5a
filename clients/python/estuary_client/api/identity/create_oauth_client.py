from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.created_client import CreatedClient
from ...models.new_client import NewClient
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: NewClient,
    x_confirm_action: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-confirm-action"] = x_confirm_action

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/admin/oauth-clients/",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CreatedClient | Problem | None:
    if response.status_code == 201:
        response_201 = CreatedClient.from_dict(response.json())

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

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 428:
        response_428 = Problem.from_dict(response.json())

        return response_428

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
) -> Response[CreatedClient | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: NewClient,
    x_confirm_action: str,
) -> Response[CreatedClient | Problem]:
    """Create Oauth Client

     A new client; its secret is in this answer alone.

    Args:
        x_confirm_action (str):
        body (NewClient): An app that signs people in. `owner_id` is the account for which it
            speaks by client_credentials.

            A `first_party` client is ours: people are not asked whether they allow it, and it may
            have the scope `session`. A
            `public` one cannot keep a secret, and has none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreatedClient | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        x_confirm_action=x_confirm_action,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: NewClient,
    x_confirm_action: str,
) -> CreatedClient | Problem | None:
    """Create Oauth Client

     A new client; its secret is in this answer alone.

    Args:
        x_confirm_action (str):
        body (NewClient): An app that signs people in. `owner_id` is the account for which it
            speaks by client_credentials.

            A `first_party` client is ours: people are not asked whether they allow it, and it may
            have the scope `session`. A
            `public` one cannot keep a secret, and has none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreatedClient | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        x_confirm_action=x_confirm_action,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: NewClient,
    x_confirm_action: str,
) -> Response[CreatedClient | Problem]:
    """Create Oauth Client

     A new client; its secret is in this answer alone.

    Args:
        x_confirm_action (str):
        body (NewClient): An app that signs people in. `owner_id` is the account for which it
            speaks by client_credentials.

            A `first_party` client is ours: people are not asked whether they allow it, and it may
            have the scope `session`. A
            `public` one cannot keep a secret, and has none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreatedClient | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        x_confirm_action=x_confirm_action,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: NewClient,
    x_confirm_action: str,
) -> CreatedClient | Problem | None:
    """Create Oauth Client

     A new client; its secret is in this answer alone.

    Args:
        x_confirm_action (str):
        body (NewClient): An app that signs people in. `owner_id` is the account for which it
            speaks by client_credentials.

            A `first_party` client is ours: people are not asked whether they allow it, and it may
            have the scope `session`. A
            `public` one cannot keep a secret, and has none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreatedClient | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            x_confirm_action=x_confirm_action,
        )
    ).parsed
