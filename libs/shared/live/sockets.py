"""Live feeds over WebSockets: the handshake, and how a socket ends.

Frames are stored rows, numbered per feed; a socket reads what lies behind its position. A hint on the bus only makes it
fetch, so a lost one costs a few seconds and never a frame. Nothing is queued per socket: a slow client makes its own
socket wait, and is disconnected when one frame takes too long.

Close codes: 1001 the server stops, 1003 a message is no text, 1007 its text is not UTF-8, 1009 it is too large, 1011 a
fault of ours, 1013 too slow, 4401 the token expired or was revoked, 4403 access to this feed has ended. After any
but the last a client comes back with `?after=<id of its last frame>`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from shared import trace
from shared.auth.scopes import READ, scope_of
from shared.auth.token_extraction import subprotocol_of, token_of
from shared.auth.verification import Caller
from shared.concurrency.tasks import end
from shared.errors import AppError, Forbidden, Invalid, Unauthenticated
from shared.live.feeds import Feed
from shared.live.hub import Hub, Subscriber
from shared.live.writer import TooSlow
from shared.observability.logs import logger

LARGEST_MESSAGE = 65_536
GOING_AWAY, NO_TEXT, TOO_LARGE, FAULT, TOO_SLOW = 1001, 1003, 1009, 1011, 1013
SIGNED_OUT, ACCESS_ENDED = 4401, 4403
log = logger()

OpenFeed = Callable[[Caller], Awaitable[Feed]]
"""Finds the caller's feed, or raises the AppError with which the handshake is refused."""
OnMessage = Callable[[Caller, str], Awaitable[None]]
"""Takes one text message of the client."""


async def ignore(caller: Caller, message: str) -> None:
    """For feeds that take no messages."""


async def serve(socket: WebSocket, hub: Hub, open_feed: OpenFeed, on_message: OnMessage = ignore) -> None:
    """One socket from handshake to end.

    The token comes as `?token=` or as subprotocol `bearer.<token>`, which is then echoed. A refusal is an HTTP answer
    to the handshake with the problem's own status: 401 for a token that is not valid, 403 for one without the scope to
    read, 422 for a malformed `after`.
    """
    try:
        token, subprotocol = credentials(socket)
        caller = await hub.verifier.user(token)
        caller.demand_scope(scope_of(socket.app.state.runtime.service, socket.scope["path"], READ))
        feed = await open_feed(caller)
        position = await feed.position(after_of(socket))
    except AppError as error:
        await refuse(socket, error)
        return
    subscriber = Subscriber(socket, feed, position, lambda: hub.verifier.ensure_valid(caller))
    with hub.subscribed(subscriber):
        await socket.accept(subprotocol)
        code = await _first_of(_write(subscriber, hub.timeouts.poll), _read(socket, caller, on_message))
        if code is not None:
            await subscriber.writer.close(code)


def credentials(connection: HTTPConnection) -> tuple[str, str | None]:
    """The token, and the subprotocol to echo where it came as one; Unauthenticated without any."""
    if not (token := token_of(connection.scope)):
        raise Unauthenticated
    return token, subprotocol_of(connection.scope)


def after_of(connection: HTTPConnection) -> UUID | None:
    """The id of the last frame that the client has, if it says so."""
    given = connection.query_params.get("after")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("`after` is the id of a frame.", code="uuid_parsing", field="after") from None


async def refuse(socket: WebSocket, error: AppError) -> None:
    """Answers the handshake with the problem; a server without that extension answers 403."""
    if "websocket.http.response" not in socket.scope.get("extensions", {}):
        await socket.close()
        return
    body = orjson.dumps(error.problem(trace.trace_id()))
    answer = Response(body, error.status, error.headers, media_type="application/problem+json")
    await socket.send_denial_response(answer)


async def _write(subscriber: Subscriber, poll: float) -> int | None:
    """Sends for as long as the token is valid; returns the close code."""
    try:
        await subscriber.follow(poll)
    except Unauthenticated:
        return SIGNED_OUT
    except Forbidden:
        return ACCESS_ENDED
    except TooSlow:
        return TOO_SLOW
    except (WebSocketDisconnect, OSError):
        return None
    except Exception as error:
        log.error("sockets.failed", feed=subscriber.feed.key, error=repr(error))
        return FAULT
    return GOING_AWAY


async def _read(socket: WebSocket, caller: Caller, on_message: OnMessage) -> int | None:
    """Passes on the client's messages, until it disconnects (None) or one is too large or no text."""
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            if len(text or message.get("bytes") or "") > LARGEST_MESSAGE:
                return TOO_LARGE
            if text is None:
                return NO_TEXT
            await on_message(caller, text)
    except (WebSocketDisconnect, OSError):
        return None
    except Exception as error:
        log.error("sockets.message_failed", error=repr(error))
        return FAULT


async def _first_of(*sides: Coroutine[Any, Any, int | None]) -> int | None:
    """The result of the side that ends first; the other is cancelled and has ended when this returns."""
    tasks = [asyncio.ensure_future(side) for side in sides]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task.result() for task in tasks if task in done)
    finally:
        await end(*tasks)
