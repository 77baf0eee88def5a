from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.invitation_view import InvitationView
from ...models.new_invitation import NewInvitation
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: NewInvitation,
    x_confirm_action: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["x-confirm-action"] = x_confirm_action

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/admin/staff/invitations/",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> InvitationView | Problem | None:
    if response.status_code == 201:
        response_201 = InvitationView.from_dict(response.json())

        return response_201

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[InvitationView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: NewInvitation,
    x_confirm_action: str,
) -> Response[InvitationView | Problem]:
    """Invite Staff

     Mails a link that is good for 72 hours, and voids an earlier one to that address.

    Args:
        x_confirm_action (str):
        body (NewInvitation): Who is invited, and which roles they get once they accept.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvitationView | Problem]
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
    body: NewInvitation,
    x_confirm_action: str,
) -> InvitationView | Problem | None:
    """Invite Staff

     Mails a link that is good for 72 hours, and voids an earlier one to that address.

    Args:
        x_confirm_action (str):
        body (NewInvitation): Who is invited, and which roles they get once they accept.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvitationView | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        x_confirm_action=x_confirm_action,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: NewInvitation,
    x_confirm_action: str,
) -> Response[InvitationView | Problem]:
    """Invite Staff

     Mails a link that is good for 72 hours, and voids an earlier one to that address.

    Args:
        x_confirm_action (str):
        body (NewInvitation): Who is invited, and which roles they get once they accept.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InvitationView | Problem]
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
    body: NewInvitation,
    x_confirm_action: str,
) -> InvitationView | Problem | None:
    """Invite Staff

     Mails a link that is good for 72 hours, and voids an earlier one to that address.

    Args:
        x_confirm_action (str):
        body (NewInvitation): Who is invited, and which roles they get once they accept.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InvitationView | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            x_confirm_action=x_confirm_action,
        )
    ).parsed
