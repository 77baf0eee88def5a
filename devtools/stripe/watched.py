"""The sandbox as tests run it: each answer is judged before it leaves, and our own calls before they arrive."""

from typing import Any

import orjson
from sqlalchemy import text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from devtools.stripe.judge import Judge
from devtools.stripe.mock import StripeMock
from shared.database.session import Database

API = "/sandbox/stripe/v1/"
OF_SDK = "Stripe/v1"
EVENTS = text("select data::text from objects where kind = 'event'")


class Verdict:
    """What Stripe's schema and stripe-mock find; the latter only where it is installed."""

    def __init__(self, mock: StripeMock | None) -> None:
        self.judge, self.mock = Judge(), mock
        self.faults: list[str] = []

    def demand_none(self) -> None:
        """Fails with what was found since it was asked last."""
        found, self.faults = self.faults, []
        assert not found, "Stripe does not speak so:\n" + "\n".join(found)

    async def read_events(self, db: Database) -> None:
        """Judges every event that this sandbox has."""
        async with db.read() as session:
            for stored in await session.scalars(EVENTS):
                event = orjson.loads(stored)
                self.faults += self.judge.event({name: event[name] for name in event if name[0] != "_"})


class Watched:
    """The sandbox's app. `ours`: what the SDK calls is called by us, and may be nothing that Stripe refuses."""

    def __init__(self, app: ASGIApp, verdict: Verdict, *, ours: bool = False) -> None:
        self._app, self._verdict, self._ours = app, verdict, ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judges what is below /v1/."""
        if scope["type"] != "http" or not scope["path"].startswith(API) or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        if self._ours and self._verdict.mock is not None:
            receive = await self._judge_call(self._verdict.mock, scope, receive)
        path, status, answered = _path(scope), 0, bytearray()

        async def judging(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            answered.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body", False) and answered:
                self._verdict.faults += self._verdict.judge.answer(scope["method"], path, status, bytes(answered))
            await send(message)

        await self._app(scope, receive, judging)

    async def _judge_call(self, mock: StripeMock, scope: Scope, receive: Receive) -> Receive:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if not headers.get("user-agent", "").startswith(OF_SDK):
            return receive
        messages, more = list[Any](), True
        while more:
            messages.append(await receive())
            more = messages[-1].get("more_body", False)
        body = b"".join(message.get("body", b"") for message in messages)
        query = scope["query_string"].decode()
        self._verdict.faults += await mock.call(scope["method"], _path(scope), query, body, headers)

        async def again() -> Message:
            return messages.pop(0) if messages else await receive()

        return again


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(API).strip("/")
