"""Tokens that do less than a session: of API keys, of apps, of staff in a person's place; and what an operation answers
them, by rule and by the scope that the document names for it."""

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from services.identity.api_keys.models import ApiKey
from services.identity.sessions.domain import fingerprint
from shared.records.clock import machine_now
from shared.records.ids import new_id
from tests.authorisation.access import OPEN, PASSES, Row
from tests.authorisation.calls import CONFIRMED
from tests.authorisation.market import Market

NOUNS = {
    "identity": "account",
    "catalog": "catalog",
    "booking": "bookings",
    "payments": "payments",
    "streams": "streams",
    "messaging": "messages",
    "notifications": "notifications",
}
SCOPES = frozenset(f"{noun}.{act}" for noun in NOUNS.values() for act in ("read", "write"))
HOLDERS = {"key": ("practitioner", "other_practitioner"), "app": ("client", "other_client")}
"""Who owns what is asked for, and who does not."""
IN_THE_PLACE_OF = ("client", "practitioner")
NOT_LENT = frozenset({"messages", "payments"})
ADMIN, AUTH = "/api/v1/admin/", "/api/v1/auth/"
READS = ("GET", "WS")
OWN_WORD = frozenset(
    {
        ("POST", "/api/v1/bookings"),
        ("POST", "/api/v1/bookings/check-in"),
        ("POST", "/api/v1/bookings/{booking_id}/accept"),
        ("POST", "/api/v1/bookings/{booking_id}/cancel"),
        ("POST", "/api/v1/bookings/{booking_id}/complete"),
        ("POST", "/api/v1/bookings/{booking_id}/decline"),
        ("POST", "/api/v1/bookings/{booking_id}/no-show"),
        ("POST", "/api/v1/bookings/{booking_id}/room-token"),
        ("POST", "/api/v1/bookings/{booking_id}/waive-fee"),
        ("POST", "/api/v1/consents"),
        ("POST", "/api/v1/passes"),
        ("POST", "/api/v1/passes/{pass_id}/cancel"),
        ("POST", "/api/v1/sessions/{session_id}/attendance"),
        ("POST", "/api/v1/sessions/{session_id}/cancel"),
        ("POST", "/api/v1/waitlist/{entry_id}/accept"),
    }
)
"""What moves money, enters a room, or is a word of the person's own: staff do none of it in their place."""
ALSO = {("WS", "/ws/booking-updates"): {"bookings.read"}}
"""A second scope, of what an operation shows that is another service's."""
PROVEN_LATELY = frozenset({("GET", "/api/v1/auth/user/export/{export_id}/download")})
"""What a delegated token could read, if it could prove who the person is."""
Document = Mapping[str, Any]


def scope_of(document: Document, service: str, row: Row) -> str | None:
    """The scope that the operation names; of public ones and of sockets that of the rule; None where it has none."""
    security = security_of(document, row)
    if row.method != "WS" and security != PERHAPS_TOKEN:
        named = [scope for one in security for scope in one.get("bearer", ())]
        return str(named[0]) if named else None
    return f"{NOUNS[service]}.{'read' if row.method in READS else 'write'}"


def security_of(document: Document, row: Row) -> list[dict[str, list[str]]]:
    """Who needs a token, as the document says it; empty for what is not in it."""
    methods = document["paths"].get(f"{row.path.rstrip('/')}/", document["paths"].get(row.path, {}))
    return list(methods.get(row.method.lower(), {}).get("security", ()))


PERHAPS_TOKEN: list[dict[str, list[str]]] = [{}, {"bearer": []}]


def expected(document: Document, service: str, row: Row, person: str, scopes: Collection[str]) -> int:
    """What a token of that person, narrowed to these scopes, is answered."""
    if row.is_internal:
        return 401
    if row.access == OPEN:
        return PASSES
    if row.path.startswith(ADMIN) or (row.path.startswith(AUTH) and row.method != "GET"):
        return 403
    if {scope_of(document, service, row), *ALSO.get(row.operation, ())} <= set(scopes):
        return 403 if row.operation in PROVEN_LATELY else row.access[person]
    return row.access["anonymous"] if security_of(document, row) == PERHAPS_TOKEN else 403


def lent(*, write: bool) -> frozenset[str]:
    """The scopes of staff in a person's place."""
    own = (scope.split(".") for scope in SCOPES)
    return frozenset(f"{noun}.{act}" for noun, act in own if noun not in NOT_LENT and (write or act == "read"))


@dataclass(frozen=True)
class Delegate:
    """A token under that name, of that person, narrowed to these scopes."""

    name: str
    person: str
    scopes: frozenset[str]


async def lend(market: Market, kind: str, service: str) -> list[Delegate]:
    """Tokens with one scope of that service, with all but one, and with all, made as people and staff do."""
    if kind == "staff":
        return [
            await _in_place_of(market, person, write=write) for person in IN_THE_PLACE_OF for write in (False, True)
        ]
    make = {"key": _keys, "app": _app}[kind]
    alone = [frozenset({f"{NOUNS[service]}.{act}"}) for act in ("read", "write")]
    sets = [*alone, *(SCOPES - scopes for scopes in alone), SCOPES]
    return [made for person in HOLDERS[kind] for made in await make(market, person, sets)]


async def _in_place_of(market: Market, person: str, write: bool) -> Delegate:
    path = f"{ADMIN}users/{market.objects[f'{person}_user_id']}/impersonate/"
    asked = {"reason": "They ask for help.", "write": write}
    given = await market.ask("superuser", "identity", "POST", path, asked, **CONFIRMED)
    return _named(market, "staff", person, lent(write=write), given["access_token"])


async def _keys(market: Market, person: str, sets: Sequence[frozenset[str]]) -> list[Delegate]:
    """In place of former ones: a person may have twenty."""
    made, user_id = [], UUID(market.objects[f"{person}_user_id"])
    async with market.runtime("identity").db.transaction() as session:
        await session.execute(delete(ApiKey).where(ApiKey.user_id == user_id))
        for scopes in sets:
            key = f"est_{new_id()}"
            row = ApiKey(id=new_id(), user_id=user_id, name="k", hash=fingerprint(key), scopes=sorted(scopes))
            row.created_at = machine_now()
            session.add(row)
            made.append(_named(market, "key", person, scopes, key))
    return made


async def _app(market: Market, person: str, sets: Sequence[frozenset[str]]) -> list[Delegate]:
    asked = {"name": "Journal", "grant_types": ["client_credentials"], "scopes": sorted(SCOPES)}
    asked |= {"owner_id": market.objects[f"{person}_user_id"]}
    app = await market.ask("superuser", "identity", "POST", f"{ADMIN}oauth-clients/", asked, **CONFIRMED)
    basic = b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    made = []
    for scopes in sets:
        form = {"grant_type": "client_credentials", "scope": " ".join(sorted(scopes))}
        headers = {"Authorization": f"Basic {basic}"}
        answer = await market.clients["gateway"].post("/oauth/token", data=form, headers=headers)
        made.append(_named(market, "app", person, scopes, answer.json()["access_token"]))
    return made


def _named(market: Market, kind: str, person: str, scopes: frozenset[str], token: str) -> Delegate:
    delegate = Delegate(f"{kind} of {person} with {' '.join(sorted(scopes))}", person, scopes)
    market.tokens[delegate.name] = token
    return delegate
