from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.location_change import LocationChange
from ...models.location_view import LocationView
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    practitioner_id: UUID,
    location_id: UUID,
    *,
    body: LocationChange,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/practitioners/{practitioner_id}/locations/{location_id}/".format(
            practitioner_id=quote(str(practitioner_id), safe=""),
            location_id=quote(str(location_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LocationView | Problem | None:
    if response.status_code == 200:
        response_200 = LocationView.from_dict(response.json())

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
) -> Response[LocationView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    practitioner_id: UUID,
    location_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LocationChange,
) -> Response[LocationView | Problem]:
    """Change Location

     Changes what is given of one's own location; with `is_primary` it takes the place of the primary
    one.

    Args:
        practitioner_id (UUID):
        location_id (UUID):
        body (LocationChange): What is left out stays; null empties what a location can do
            without. The first one is primary until another is.

            What is virtual stays so, and has no address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LocationView | Problem]
    """

    kwargs = _get_kwargs(
        practitioner_id=practitioner_id,
        location_id=location_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    practitioner_id: UUID,
    location_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LocationChange,
) -> LocationView | Problem | None:
    """Change Location

     Changes what is given of one's own location; with `is_primary` it takes the place of the primary
    one.

    Args:
        practitioner_id (UUID):
        location_id (UUID):
        body (LocationChange): What is left out stays; null empties what a location can do
            without. The first one is primary until another is.

            What is virtual stays so, and has no address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LocationView | Problem
    """

    return sync_detailed(
        practitioner_id=practitioner_id,
        location_id=location_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    practitioner_id: UUID,
    location_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LocationChange,
) -> Response[LocationView | Problem]:
    """Change Location

     Changes what is given of one's own location; with `is_primary` it takes the place of the primary
    one.

    Args:
        practitioner_id (UUID):
        location_id (UUID):
        body (LocationChange): What is left out stays; null empties what a location can do
            without. The first one is primary until another is.

            What is virtual stays so, and has no address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LocationView | Problem]
    """

    kwargs = _get_kwargs(
        practitioner_id=practitioner_id,
        location_id=location_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    practitioner_id: UUID,
    location_id: UUID,
    *,
    client: AuthenticatedClient,
    body: LocationChange,
) -> LocationView | Problem | None:
    """Change Location

     Changes what is given of one's own location; with `is_primary` it takes the place of the primary
    one.

    Args:
        practitioner_id (UUID):
        location_id (UUID):
        body (LocationChange): What is left out stays; null empties what a location can do
            without. The first one is primary until another is.

            What is virtual stays so, and has no address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LocationView | Problem
    """

    return (
        await asyncio_detailed(
            practitioner_id=practitioner_id,
            location_id=location_id,
            client=client,
            body=body,
        )
    ).parsed
