from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.book_body import BookBody
from ...models.booking_view import BookingView
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: BookBody,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/bookings/",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> BookingView | Problem | None:
    if response.status_code == 201:
        response_201 = BookingView.from_dict(response.json())

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
) -> Response[BookingView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: BookBody,
) -> Response[BookingView | Problem]:
    """Create Booking

     Books one seat or several: pending until they are paid, confirmed at once where nothing is due.

    Args:
        body (BookBody): A seat of a service at a start, one for each of the `attendees`, or one
            again and again with `repeat`; of a
            course, which has no start of its own, a seat in each session that is left.

            `credits`: as many as possible ("max"), that many, or none. With `expected_price` nothing
            is booked at another
            price, which is that of all seats. `payment_method_id` is a saved card that pays what is
            due at once. With
            `use_membership` a session of the client's membership pays the seat, with `pass_id`
            sessions of that pass the seats.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BookingView | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: BookBody,
) -> BookingView | Problem | None:
    """Create Booking

     Books one seat or several: pending until they are paid, confirmed at once where nothing is due.

    Args:
        body (BookBody): A seat of a service at a start, one for each of the `attendees`, or one
            again and again with `repeat`; of a
            course, which has no start of its own, a seat in each session that is left.

            `credits`: as many as possible ("max"), that many, or none. With `expected_price` nothing
            is booked at another
            price, which is that of all seats. `payment_method_id` is a saved card that pays what is
            due at once. With
            `use_membership` a session of the client's membership pays the seat, with `pass_id`
            sessions of that pass the seats.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BookingView | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: BookBody,
) -> Response[BookingView | Problem]:
    """Create Booking

     Books one seat or several: pending until they are paid, confirmed at once where nothing is due.

    Args:
        body (BookBody): A seat of a service at a start, one for each of the `attendees`, or one
            again and again with `repeat`; of a
            course, which has no start of its own, a seat in each session that is left.

            `credits`: as many as possible ("max"), that many, or none. With `expected_price` nothing
            is booked at another
            price, which is that of all seats. `payment_method_id` is a saved card that pays what is
            due at once. With
            `use_membership` a session of the client's membership pays the seat, with `pass_id`
            sessions of that pass the seats.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BookingView | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: BookBody,
) -> BookingView | Problem | None:
    """Create Booking

     Books one seat or several: pending until they are paid, confirmed at once where nothing is due.

    Args:
        body (BookBody): A seat of a service at a start, one for each of the `attendees`, or one
            again and again with `repeat`; of a
            course, which has no start of its own, a seat in each session that is left.

            `credits`: as many as possible ("max"), that many, or none. With `expected_price` nothing
            is booked at another
            price, which is that of all seats. `payment_method_id` is a saved card that pays what is
            due at once. With
            `use_membership` a session of the client's membership pays the seat, with `pass_id`
            sessions of that pass the seats.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BookingView | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
