"""A transport that looks at each refusal of an app: its code is one that the document names for the operation."""

from contextvars import ContextVar

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from devtools.testing import examples
from shared.web.codes import EVERYWHERE, codes_of
from shared.web.http import Route

INTERNAL = examples.INTERNAL
PROBLEM = "application/problem+json"
answering: ContextVar[list[Scope]] = ContextVar("answering")
"""Holds the scope of this request: an app may call itself while it answers."""


class DocumentedTransport(httpx2.ASGITransport):
    """For tests. A code that is answered and that the document does not name fails, with what to add to the route."""

    def __init__(self, app: ASGIApp) -> None:
        """Over that app, whose errors are answers."""
        super().__init__(_keeping_scope(app), raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The app's answer."""
        answered: list[Scope] = []
        before = answering.set(answered)
        try:
            response = await super().handle_async_request(request)
        finally:
            answering.reset(before)
        if response.headers.get("content-type") == PROBLEM:
            await response.aread()
            said = undocumented(answered[0], response.status_code, response.json()["code"])
            assert said is None, said
        elif examples.RECORDS and response.is_success:
            await response.aread()
            examples.record(answered[0], request, response)
        return response


def _keeping_scope(app: ASGIApp) -> ASGIApp:
    async def keeping(scope: Scope, receive: Receive, send: Send) -> None:
        answering.get().append(scope)
        await app(scope, receive, send)

    return keeping


def undocumented(scope: Scope, status: int, code: str) -> str | None:
    """What to add where the operation that answered does not name that code with that status."""
    route = scope.get("route")
    if not isinstance(route, Route) or not route.include_in_schema or route.path.startswith(INTERNAL):
        return None
    service = scope["app"].state.runtime.service
    named = codes_of(route, service, scope["method"]).get(status, set()) | EVERYWHERE.get(status, frozenset())
    place = f"{route.endpoint.__module__}.{route.name}"
    return None if code in named else f"{place} answers {status} `{code}`: add the error to its errors_of(...)"
