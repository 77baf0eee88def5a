"""How calls of the API fail when staff ask for it: the next ones of those names, each request counted as it arrives."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import text
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from estuary.sandbox.stripe.errors import StripeError
from shared.database.session import Database, Session
from shared.database.statements import CompiledStatement
from shared.observability.logs import logger

VERBS = frozenset({"attach", "cancel", "capture", "close", "confirm", "detach"})
OPERATIONS = {"GET": ("retrieve", "list"), "POST": ("update", "create"), "DELETE": ("delete", "")}
NAMED = {"account": "accounts.retrieve_current", "balance": "balance.retrieve"}
log = logger()


class Failure(StrEnum):
    """What a call meets with; only `timeout_after_effect` takes effect."""

    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT_AFTER_EFFECT = "timeout_after_effect"
    IDEMPOTENCY_ERROR = "idempotency_error"


@dataclass(frozen=True, slots=True)
class CallFault:
    """The next `times` requests to one of `calls` (empty: to any) fail in that way."""

    calls: tuple[str, ...]
    error: Failure
    times: int


def name_of(method: str, route: str) -> str:
    """The SDK's name of the call: `refunds.create` for a POST to `refunds`, `payment_intents.confirm`."""
    if route in NAMED:
        return NAMED[route]
    nouns = [part for part in route.split("/") if part != "*"]
    if nouns[-1] in VERBS:
        return ".".join(nouns)
    of_one, of_all = OPERATIONS[method]
    verb = of_one if route.endswith("*") else of_all
    return ".".join([*nouns, verb])


def error_of(failure: Failure) -> StripeError:
    """Stripe's error of that kind."""
    status, kind, code, message = ERRORS[failure]
    return StripeError(message, status=status, kind=kind, code=code)


class CallFaults:
    """The fault in force. Its count is stored: it outlives a restart, and several processes count down together."""

    def __init__(self, db: Database) -> None:
        """No fault until `load` or `put`."""
        self.db = db
        self.fault: CallFault | None = None

    async def load(self, session: Session) -> None:
        """Takes up what is stored."""
        stored = await session.scalar(STORED)
        self.fault = _fault(orjson.loads(stored)) if stored else None

    async def put(self, fault: CallFault) -> None:
        """Replaces the fault in force; `times` 0 ends it."""
        async with self.db.autocommit() as session:
            await session.execute(PUT, {"value": orjson.dumps(asdict(fault)).decode()})
        self.fault = fault if fault.times else None

    async def take(self, name: str) -> Failure | None:
        """What the request that has just arrived meets with, counted; None if it goes well."""
        seen = self.fault
        if seen is None or (seen.calls and name not in seen.calls):
            return None
        async with self.db.autocommit() as session:
            row = await session.first(TAKE, {"name": name})
        if self.fault is seen and (row is None or row.times == 0):
            self.fault = None
        return None if row is None else Failure(row.error)


def _fault(stored: dict[str, Any]) -> CallFault | None:
    found = CallFault(tuple(stored["calls"]), Failure(stored["error"]), stored["times"])
    return found if found.times else None


class Dropped(Response):
    """No answer: the server closes the connection, since no server can send this status line and header."""

    def __init__(self) -> None:
        super().__init__()
        self.raw_headers = [(b"no\nanswer", b"\n")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Has the server fail before it writes the first byte."""
        try:
            await super().__call__(scope, receive, send)
        except Exception as error:
            log.info("sandbox.connection_dropped", path=scope["path"], error=repr(error))


ERRORS = {
    Failure.REFUSED: (400, "invalid_request_error", None, "The sandbox was set to refuse this call."),
    Failure.RATE_LIMITED: (
        429,
        "invalid_request_error",
        "rate_limit",
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
    ),
    Failure.SERVER_ERROR: (500, "api_error", None, "An unknown error occurred."),
    Failure.IDEMPOTENCY_ERROR: (
        400,
        "idempotency_error",
        None,
        "Keys for idempotent requests can only be used with the same parameters they were first used with.",
    ),
}
STORED = text("select value::text from settings where name = 'call_faults'")
PUT = text(
    """
    insert into settings (name, value) values ('call_faults', cast(cast(:value as text) as jsonb))
    on conflict (name) do update set value = excluded.value
    """
)
TAKE = CompiledStatement(
    text("""
    update settings set value = value || jsonb_build_object('times', cast(value ->> 'times' as integer) - 1)
    where name = 'call_faults' and cast(value ->> 'times' as integer) > 0
        and (value -> 'calls' = '[]' or jsonb_exists(value -> 'calls', :name))
    returning value ->> 'error' as error, cast(value ->> 'times' as integer) as times
""")
)
