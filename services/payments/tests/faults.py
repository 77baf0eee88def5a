"""Stripe behind a connection that fails: requests are passed on to the sandbox, and answers lost or replaced."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from devtools.testing.servers import served
from services.payments.runtime import PaymentsRuntime

KEY = "idempotency-key"
PASSED_ON = frozenset({"authorization", "content-type", "stripe-account", "stripe-version", KEY})
Answer = tuple[int, dict[str, object]]
IDEMPOTENCY_ERROR: Answer = (
    400,
    {"error": {"type": "idempotency_error", "message": "Keys can only be used once."}},
)
SERVER_ERROR: Answer = (500, {"error": {"type": "api_error", "message": "An unknown error occurred."}})
NOT_ENOUGH: Answer = (
    400,
    {"error": {"type": "invalid_request_error", "code": "balance_insufficient", "message": "Not enough."}},
)
LOST: Answer = (429, {"error": {}})
AWAY: Answer = (503, {"error": {}})


@dataclass
class Faults:
    """What goes wrong with requests of `method`, or `any`, whose path ends in `path`. `keys` came, in this order.

    `others` are answered without asking the sandbox; as at Stripe keys in `spent` get a server error again,
    and those in `refused` a refusal.
    """

    base: str
    path: str = "/none"
    method: str = "POST"
    answer: Answer | None = None
    takes_effect: bool = False
    forgotten: int = 0
    others: dict[tuple[str, str], Answer] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    spent: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    async def __call__(self, request: Request) -> Response:
        """Passes the request on, unless a fault says otherwise."""
        if request.method == "POST" and KEY in request.headers:
            self.keys.append(request.headers[KEY])
        if request.headers.get(KEY) in self.spent:
            return JSONResponse(SERVER_ERROR[1], SERVER_ERROR[0])
        if request.headers.get(KEY) in self.refused:
            return JSONResponse(NOT_ENOUGH[1], NOT_ENOUGH[0], {"Idempotent-Replayed": "true"})
        for (method, path), (status, body) in self.others.items():
            if request.method == method and request.url.path.endswith(path):
                return JSONResponse(body, status)
        aimed_at = self.method in (request.method, "any") and request.url.path.endswith(self.path)
        failing = aimed_at and self.answer is not None
        answer = await self._pass_on(request) if self.takes_effect or not failing else None
        if failing and self.answer is not None:
            return JSONResponse(self.answer[1], self.answer[0])
        assert answer is not None
        return Response(answer.content, answer.status_code, media_type="application/json")

    async def _pass_on(self, request: Request) -> httpx2.Response:
        headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
        if KEY in headers:
            # A key that Stripe has forgotten is a new one to it.
            headers[KEY] += f"/{self.forgotten}"
        url = f"{self.base}{request.url.path}"
        async with httpx2.AsyncClient() as client:
            body = await request.body()
            return await client.request(request.method, url, params=request.query_params, content=body, headers=headers)


Connection = tuple[Faults, PaymentsRuntime]


@asynccontextmanager
async def failing_connection(base: str) -> AsyncIterator[tuple[Faults, str]]:
    """The faults of a connection to `base`, and where it listens."""
    faults = Faults(base)
    app = Starlette(routes=[Route("/{path:path}", faults.__call__, methods=["GET", "POST", "DELETE"])])
    async with served(app, ws="none", lifespan="off") as listening:
        yield faults, f"http://{listening}"
