"""In front of a process's app: alive at once, ready when everything is there, and no longer ready once it ends."""

import asyncio
from collections.abc import Collection

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import NotFound, Unavailable
from shared.web.edge import send_problem

HEALTH = frozenset({"/health/live", "/health/ready", "/metrics"})
TRY_AGAIN_LATER = 1013


class ReadinessMiddleware:
    """Answers in the app's place what it cannot answer yet, or no longer."""

    def __init__(self, app: ASGIApp, only: Collection[str] = ()) -> None:
        """Nothing runs yet. `only` are the paths that are let through, without a slash at their end; none: all."""
        self.app, self._only = app, frozenset(only)
        self.running, self.seeded, self.draining = False, True, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets requests through while the app runs; `/health/ready` also waits for the first data."""
        path = scope.get("path", "").rstrip("/")
        if path == "/health/live" and not self.running:
            await JSONResponse({"status": "ok"})(scope, receive, send)
        elif (reason := self._why_not(path)) is not None:
            await _refuse(scope, send, reason)
        elif self._only and path not in self._only:
            await send_problem(send, NotFound())
        else:
            await self.app(scope, receive, _closing(send) if self.draining else send)

    async def drain(self, seconds: float) -> None:
        """Not ready from now on. For so long it still serves, and asks for the next request on another connection."""
        self.draining = True
        await asyncio.sleep(seconds)

    def _why_not(self, path: str) -> str | None:
        if not self.running:
            return "This process is still starting."
        if path == "/health/ready" and self.draining:
            return "This process is ending."
        if path == "/health/ready" and not self.seeded:
            return "The first data are being made."
        return None


async def _refuse(scope: Scope, send: Send, reason: str) -> None:
    if scope["type"] == "http":
        await send_problem(send, Unavailable(reason))
    else:
        await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})


def _closing(send: Send) -> Send:
    async def passed_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
        await send(message)

    return passed_on
