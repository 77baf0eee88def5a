"""One call's unit of work: objects read and changed, events, later steps; all written by one statement at its end."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import text

from estuary.sandbox.settings import SandboxSettings
from estuary.sandbox.stripe.errors import missing_resource
from estuary.sandbox.stripe.faults import Webhooks
from estuary.sandbox.stripe.ids import new_id
from estuary.sandbox.stripe.keys import Key
from shared.database.session import Session
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now

API_VERSION = "2026-10-28.endive"
PLATFORM = ""
WITHOUT_MODE = frozenset({"account", "balance_transaction", "refund", "transfer_reversal"})
"""Objects of Stripe's that do not say whether they are real."""
Object = dict[str, Any]


class Raced(Exception):
    """Another call with the same idempotency key was first; nothing of this one may stay."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The request that events name, and its idempotency key; neither for what happens by itself."""

    request_id: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a repeat of the same idempotency key is answered."""

    key: Key
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to an object by itself, later."""

    object_id: str
    account: str
    name: str
    due_at: datetime
    by_clock: bool = False
    """Whether it is due by business time, as the sandbox's clock has it."""


@dataclass(slots=True)
class Work:
    """Reads lock only where said; changes are kept here until `write`."""

    session: Session
    settings: SandboxSettings
    webhooks: Webhooks
    origin: Origin = Origin()
    changed: dict[str, tuple[str, Object]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    deliveries: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def now(self) -> int:
        """Business time in whole seconds since 1970."""
        return int(self.session.now().timestamp())

    async def find(self, kind: str, identifier: str, account: str = PLATFORM, *, lock: bool = False) -> Object | None:
        """The object of that kind and account, or None."""
        if identifier in self.changed:
            return self.changed[identifier][1]
        query = FIND_LOCKED if lock else FIND
        found = await self.session.first(query, {"id": identifier, "kind": kind, "account": account})
        return None if found is None else orjson.loads(found.data)

    async def get(
        self, kind: str, identifier: str, account: str = PLATFORM, *, lock: bool = False, param: str | None = None
    ) -> Object:
        """The object, or Stripe's resource_missing: 404, or 400 when `param` names the parameter that named it."""
        found = await self.find(kind, identifier, account, lock=lock)
        if found is None:
            raise missing_resource(kind, identifier, param or "id", 400 if param else 404)
        return found

    def add(self, kind: str, fields: Object, account: str = PLATFORM, *, prefix: str | None = None) -> Object:
        """A new object with its id, kind and the present moment (business time) in front."""
        made = {"id": new_id(prefix or kind), "object": kind, "created": self.now}
        mode = {} if kind in WITHOUT_MODE else {"livemode": False}
        return self.save(made | mode | fields, account)

    def save(self, changed: Object, account: str = PLATFORM) -> Object:
        """Marks the object as changed."""
        self.changed[changed["id"]] = (account, changed)
        return changed

    def emit(self, kind: str, about: Object, account: str = PLATFORM) -> None:
        """An event with a snapshot of the object, and its webhooks; a connected account's event names it."""
        due = self.webhooks.due(kind, machine_now())
        event = {
            "account": account,
            "api_version": API_VERSION,
            "data": {"object": wholly_visible(about)},
            "pending_webhooks": len(due),
            "request": {"id": self.origin.request_id, "idempotency_key": self.origin.key},
            "type": kind,
        }
        if not account:
            del event["account"]
        made = self.add("event", event, account)
        self.deliveries += [(made["id"], moment) for moment in due]

    def later(self, name: str, about: Object, account: str = PLATFORM) -> None:
        """Has that step happen to the object when it has been under way long enough."""
        due = machine_now() + timedelta(seconds=self.settings.payout_seconds)
        self.steps.append(Step(about["id"], account, name, due))

    def at(self, name: str, about: Object, moment: int) -> None:
        """Has that step happen to the platform's object at that second of business time."""
        self.steps.append(Step(about["id"], PLATFORM, name, datetime.fromtimestamp(moment, UTC), by_clock=True))

    async def hold(self, name: str) -> None:
        """Waits for the name's turn, which ends with the transaction: for rules over several rows."""
        await self.session.run(HOLD, {"name": name})

    async def write(self, answer: StoredAnswer | None = None) -> None:
        """Writes everything in one statement; raises Raced if the answer's key was stored meanwhile."""
        if not self.changed and not self.steps and answer is None:
            return
        stored = await self.session.run(WRITE, self._columns() | _answer_columns(answer))
        if answer is not None and not stored[0].answers:
            raise Raced

    def _columns(self) -> dict[str, Any]:
        rows = list(self.changed.values())
        return {
            "ids": list(self.changed),
            "kinds": [row["object"] for _, row in rows],
            "accounts": [account for account, _ in rows],
            "created": [str(row["created"]) for _, row in rows],
            "data": [orjson.dumps(row).decode() for _, row in rows],
            "events": [event for event, _ in self.deliveries],
            "events_due": [due.isoformat() for _, due in self.deliveries],
            "step_objects": [step.object_id for step in self.steps],
            "step_accounts": [step.account for step in self.steps],
            "step_names": [step.name for step in self.steps],
            "steps_due": [step.due_at.isoformat() for step in self.steps],
            "steps_by_clock": [str(step.by_clock) for step in self.steps],
        }


def _answer_columns(answer: StoredAnswer | None) -> dict[str, Any]:
    if answer is None:
        return dict.fromkeys(("account", "key", "request_hash", "status", "body")) | {"at": machine_now()}
    return {
        "account": answer.key.account,
        "key": answer.key.name,
        "request_hash": answer.key.request_hash,
        "status": answer.status,
        "body": answer.body.decode(),
        "at": machine_now(),
    }


def visible(found: Object) -> Object:
    """The object as clients see it: names that begin with an underscore are the sandbox's own."""
    return {name: value for name, value in found.items() if not name.startswith("_")}


def wholly_visible(value: Any) -> Any:
    """A copy of it as clients see it, at every depth."""
    if isinstance(value, dict):
        return {name: wholly_visible(inner) for name, inner in visible(value).items()}
    return [wholly_visible(inner) for inner in value] if isinstance(value, list) else value


FIND_SQL = "select data::text as data from objects where id = :id and kind = :kind and account = :account"
FIND = CompiledStatement(text(FIND_SQL))
FIND_LOCKED = CompiledStatement(text(f"{FIND_SQL} for update"))
HOLD = CompiledStatement(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"))
WRITE = CompiledStatement(
    text("""
    with written as (
        insert into objects (id, kind, account, created, data)
        select id, kind, account, created, data::jsonb
        from unnest(
            cast(:ids as text[]), cast(:kinds as text[]), cast(:accounts as text[]),
            cast(cast(:created as text[]) as bigint[]), cast(:data as text[])
        ) as given (id, kind, account, created, data)
        on conflict (id) do update set data = excluded.data
    ), queued as (
        insert into deliveries (event_id, due_at)
        select * from unnest(cast(:events as text[]), cast(cast(:events_due as text[]) as timestamptz[]))
    ), planned as (
        insert into steps (object_id, account, step, due_at, by_clock)
        select * from unnest(
            cast(:step_objects as text[]), cast(:step_accounts as text[]), cast(:step_names as text[]),
            cast(cast(:steps_due as text[]) as timestamptz[]), cast(cast(:steps_by_clock as text[]) as boolean[])
        )
    ), answered as (
        insert into answers (account, key, request_hash, status, body, created_at)
        select cast(:account as text), cast(:key as text), cast(:request_hash as bytea), cast(:status as integer),
            cast(:body as text), cast(:at as timestamptz)
        where cast(:key as text) is not null
        on conflict (account, key) do update
        set request_hash = excluded.request_hash, status = excluded.status, body = excluded.body,
            created_at = excluded.created_at
        where answers.created_at <= excluded.created_at - interval '24 hours'
        returning 1
    )
    select count(*) as answers from answered
""")
)
