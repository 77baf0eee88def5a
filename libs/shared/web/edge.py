"""The pure ASGI layer around a service's app: trailing slash, body limit, trace, metrics, access log, last resort."""

import gc
import time
from http import HTTPStatus
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import trace
from shared.errors import AppError, Overloaded
from shared.observability import telemetry
from shared.observability.logs import logger
from shared.observability.metrics import Meters
from shared.web.conditional import Conditional
from shared.web.shedding import SAFE_METHODS, Importance, Load, Waiting, importance_of

BODY_LIMIT = 1024 * 1024
MOST_LEFT = 4 * BODY_LIMIT
CLIENT_LEFT = 499
"""In logs and metrics only, as nginx counts it: the client left before its request was whole."""
TAGGED = ("/api/", "/.well-known/")
"""Where JSON has an ETag."""
ADMITTED = "estuary.admitted"
"""In the scope of a request that this process has admitted already."""
log = logger()


class TooLarge(AppError):
    """The body is over one mebibyte."""

    status, title, code, detail = 413, "Body too large", "body_too_large", "A body has at most 1 MiB."


class _Overflow(HTTPException):
    """Raised into the app while it reads a body that is too long; FastAPI lets an HTTPException through."""

    def __init__(self) -> None:
        super().__init__(TooLarge.status)


class Edge:
    """What every request of a service passes first and last."""

    def __init__(self, app: ASGIApp, service: str, load: Load, body_limit: int = BODY_LIMIT) -> None:
        """Wraps `app`; `service` names it in logs and metrics, `load` says when there is too much to do."""
        self.app, self.service, self.body_limit = app, service, body_limit
        self._load, self._meters = load, Meters(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or socket."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        traceparent, scope = _header(scope, b"traceparent"), with_slash(scope)
        if scope["type"] == "websocket":
            trace.begin(traceparent)
            await self.app(scope, receive, send)
            return
        with telemetry.serving(self.service, scope["method"], telemetry.SERVER, traceparent) as span:
            await self._http(scope, receive, send, span)

    async def _http(self, scope: Scope, receive: Receive, send: Send, span: telemetry.Span) -> None:
        began = time.perf_counter()
        waiting = Waiting(self._load)
        answered, body = _Answered(send, waiting), _Counted(receive, self.body_limit, waiting)
        try:
            await self._admit(scope, waiting)
            await self._limited(scope, body, _conditional(scope, answered))
        except ClientDisconnect:
            answered.left()
        except Exception as error:
            if answered.status:
                raise
            await send_problem(answered, self._problem_of(error, scope))
        finally:
            waiting.end()
        if answered.status >= HTTPStatus.BAD_REQUEST:
            LEFTOVERS.add(body.bytes)
        seconds = time.perf_counter() - began
        self._record(scope, answered.status, seconds, span)

    async def _admit(self, scope: Scope, waiting: Waiting) -> None:
        method, path, signed = scope["method"], scope["path"], _header(scope, b"authorization") is not None
        if ADMITTED not in scope:
            self._load.admit(method, path, signed=signed)
        if method in SAFE_METHODS:
            waiting.begin()
        if importance_of(method, path, signed=signed) is Importance.ANONYMOUS_READ:
            await waiting.turn()

    def _problem_of(self, error: Exception, scope: Scope) -> AppError:
        if isinstance(error, Overloaded):
            return error
        if isinstance(error, _Overflow):
            return TooLarge()
        log.error("request.failed", service=self.service, route=_route(scope), exc_info=error)
        return AppError()

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = _header(scope, b"content-length")
        if length is not None and (not length.isdigit() or int(length) > self.body_limit):
            raise _Overflow
        await self.app(scope, receive, send)

    def _record(self, scope: Scope, status: int, seconds: float, span: telemetry.Span) -> None:
        route, method = _route(scope), scope["method"]
        self._meters.answered(route, method, status, seconds)
        if span.on:
            span.request(method, route, status)
        log.debug(
            "request", service=self.service, method=method, route=route, status=status, ms=round(seconds * 1000, 1)
        )


class _Counted:
    """A receive that counts the body and ends it at its limit."""

    def __init__(self, receive: Receive, limit: int, waiting: Waiting) -> None:
        self._receive, self._limit, self._waiting, self.bytes = receive, limit, waiting, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self.bytes += len(message.get("body", b""))
        if self.bytes > self._limit:
            raise _Overflow
        if message["type"] == "http.request" and not message.get("more_body", False):
            self._waiting.begin()
        return message


class _Leftovers:
    """Bodies of refused requests. The exception and its frames refer to each other, so that each body would stay until
    the collector runs; it counts objects, and a body of a mebibyte is one."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, number: int) -> None:
        """One body more; the youngest objects are looked through after every few mebibytes."""
        self._bytes += number
        if self._bytes > MOST_LEFT:
            self._bytes = 0
            gc.collect(0)


LEFTOVERS = _Leftovers()


class _Answered:
    """A send that remembers the status it passed on; 0 before any."""

    def __init__(self, send: Send, waiting: Waiting) -> None:
        self._send, self._waiting, self.status = send, waiting, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._waiting.end()
        await self._send(message)

    def left(self) -> None:
        """The client left: what was not answered by then never will be."""
        self.status = self.status or CLIENT_LEFT


def with_slash(scope: Scope) -> Scope:
    """The same scope with the path's optional trailing slash, which is how routes are registered."""
    path: str = scope["path"]
    if path.endswith("/") or not path.startswith(("/api/", "/internal/", "/ws/", "/account/", "/oauth/")):
        return scope
    return {**scope, "path": path + "/", "raw_path": None}


async def send_problem(send: Any, error: AppError) -> None:
    """Answers with the error in its one form."""
    body = orjson.dumps(error.problem(trace.trace_id()))
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _conditional(scope: Scope, send: Send) -> Send:
    if scope["method"] != "GET" or not scope["path"].startswith(TAGGED):
        return send
    given = _header(scope, b"if-none-match")
    return Conditional(send, given.encode("latin-1") if given else None)


def _header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return None


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path_format", None) or "unmatched"
