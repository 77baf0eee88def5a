"""All services in one process: calls by whoever it is, and events from one to the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import select
from starlette.types import ASGIApp, Receive, Scope, Send

from devtools.testing.callers import service_headers
from devtools.testing.handshakes import handshake
from shared.auth.internal_callers import CALLS, may_call
from shared.events.base import Envelope
from shared.messaging.inbox import Inbox
from shared.records.clock import FixedClock
from shared.records.ids import new_id
from shared.runtime import Runtime
from tests.authorisation.access import Row

CONFIRMED = {"X-Confirm-Action": "true"}
Json = Any


class Later:
    """The app of that name, once it is there: services call each other both ways."""

    def __init__(self, apps: Mapping[str, FastAPI], name: str) -> None:
        self._apps, self._name = apps, name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[self._name](scope, receive, send)


@dataclass
class Calls:
    """Calls by whoever it is, and events, which reach their consumers by `publish`."""

    apps: Mapping[str, FastAPI]
    gateway: ASGIApp
    clients: Mapping[str, httpx2.AsyncClient]
    clock: FixedClock
    objects: dict[str, Json] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    published: dict[str, int] = field(default_factory=dict)

    # ---- calls

    def headers(self, caller: str, service: str) -> dict[str, str]:
        """What that caller sends as credentials to that service."""
        if caller == "anonymous":
            return {}
        if caller == "service":
            return service_headers(peer_of(service))
        if caller.startswith("service "):
            return service_headers(caller.removeprefix("service "))
        return {"Authorization": f"Bearer {self.tokens[caller]}"}

    async def status(self, service: str, row: Row, caller: str, *, at: str = "", **changes: Any) -> int:
        """The status that the caller gets for the row's operation; `changes` replace what the row says.

        At the service itself, or with `at` at the `gateway`.
        """
        wanted = Row(**(vars(row) | changes))
        path = self.path_of(wanted)
        if wanted.method == "WS":
            app = self.gateway if at else self.apps[service]
            sent = [(name.lower().encode(), value.encode()) for name, value in self.headers(caller, service).items()]
            return await handshake(app, path, headers=sent)
        headers = self.headers(caller, service) | (CONFIRMED if wanted.confirmed else {})
        headers |= {"Idempotency-Key": str(new_id())} if wanted.keyed else {}
        body = None if wanted.body is None else self.filled(wanted.body)
        answer = await self.clients[at or service].request(wanted.method, path, json=body, headers=headers)
        assert answer.status_code < 500, (wanted.method, path, caller, answer.text)
        return answer.status_code

    def path_of(self, row: Row) -> str:
        """The row's path with ids, and its query."""
        named = self.objects | {name: self.objects[there] for name, there in row.of.items()}
        return row.path.format(**named) + (f"?{row.query.format(**self.objects)}" if row.query else "")

    def filled(self, given: Json) -> Json:
        """`{name}` as the object of that name, wherever it stands."""
        if isinstance(given, dict):
            return {name: self.filled(value) for name, value in given.items()}
        if isinstance(given, list):
            return [self.filled(value) for value in given]
        if not (isinstance(given, str) and given.startswith("{")):
            return given
        found = self.objects[given.strip("{}")]
        return self.filled(found()) if callable(found) else self.filled(found)

    async def ask(self, caller: str, service: str, method: str, path: str, body: Json = None, **more: str) -> Json:
        """What the service answers to a caller who may."""
        headers = self.headers(caller, service) | {"Idempotency-Key": str(new_id())} | more
        answer = await self.clients[service].request(method, path, json=body, headers=headers)
        assert answer.is_success, (method, path, answer.text)
        return answer.json() if answer.content else None

    # ---- events

    async def publish(self) -> None:
        """Delivers what was emitted, and what that brings about, until nothing is left."""
        while any([await self._publish_of(name) for name in self.apps]):
            pass

    async def _publish_of(self, name: str) -> int:
        db = self.runtime(name).db
        outbox = db.system_tables.outbox
        query = select(outbox).where(outbox.c.seq > self.published.get(name, 0)).order_by(outbox.c.seq)
        async with db.read() as session:
            rows = (await session.execute(query)).mappings().all()
        for row in rows:
            id_, at = row["event_id"], row["occurred_at"]
            envelope = Envelope(id_, row["type"], row["version"], row["topic"], row["key"], at, row["payload"])
            await self._deliver(envelope)
            self.published[name] = row["seq"]
        return len(rows)

    async def _deliver(self, envelope: Envelope) -> None:
        for app in self.apps.values():
            inbox = Inbox(app.state.runtime.db, app.state.consumers)
            if envelope.type in inbox.handlers:
                assert await inbox.deliver(envelope)

    def runtime(self, name: str) -> Runtime:
        found: Runtime = self.apps[name].state.runtime
        return found


def peer_of(service: str) -> str:
    """Another service that may call that one, if there is any."""
    return next((name for name in CALLS if name != service and may_call(name, service)), "gateway")
