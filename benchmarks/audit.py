"""What an audit row costs: a write of staff with one and the same write without, in turns on the same Postgres.

The write is what a decision about a practitioner is: a key is claimed, a row locked and changed, an event stored, the
answer stored. Sealing, which happens after the commit, is measured by itself.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import httpx2
from fastapi import APIRouter, FastAPI

from benchmarks.ground import Ground, ground
from benchmarks.parts import run
from services.catalog.practitioners.repository import Practitioners
from services.catalog.practitioners.service import event_fields
from shared.auth.permissions import Permission
from shared.auth.token_signing import new_key, sign_access_token
from shared.auth.verification import Caller, Verifier
from shared.database import audit
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.events.catalog import PractitionerUpdated
from shared.messaging.bus import InProcessBus
from shared.messaging.outbox import emit
from shared.peers import Peers
from shared.records.clock import SystemClock, machine_now
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.web.app import build
from shared.web.http import Route, SessionDep, View, needs
from shared.work.audit_sealing import Sealer

WARM, PAIRS = 200, 2000
Staff = Annotated[Caller, needs(Permission.DECIDE_APPLICATIONS)]


class Decided(View):
    """The answer."""

    id: UUID
    note: str | None


@dataclass
class Tally:
    """Seconds of each write."""

    taken: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Milliseconds."""
        return statistics.median(self.taken) * 1000

    @property
    def mean(self) -> float:
        """Milliseconds, without the slowest hundredth."""
        kept = sorted(self.taken)[: len(self.taken) * 99 // 100]
        return statistics.fmean(kept) * 1000


def routes(*, audited: bool) -> APIRouter:
    """The write, with or without its audit row."""
    router = APIRouter(prefix="/audited" if audited else "/plain", route_class=Route)

    @router.post("/{practitioner_id}/")
    async def decide(practitioner_id: UUID, caller: Staff, session: SessionDep) -> Decided:
        practitioner = await Practitioners(session).get(practitioner_id, lock=True)
        before = {"note": practitioner.note}
        practitioner.note, practitioner.updated_at = f"at {time.perf_counter()}", session.now()
        practitioner.version += 1
        emit(session, PractitionerUpdated(**event_fields(practitioner)))
        if audited:
            after = {"note": practitioner.note}
            await audit.record(session, caller.user_id, "practitioner.verify", practitioner.id, before, after)
        return Decided.model_validate(practitioner)

    return router


def app_on(on: Ground) -> tuple[FastAPI, str]:
    """The app with both writes, and a token of staff."""
    key = new_key()

    async def keys() -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]}

    db = Database(on.url, schema="catalog", clock=SystemClock(), role=role_of("catalog"))
    runtime = Runtime("catalog", db, InProcessBus(), Peers({}, lambda _: ""), db.clock, Verifier(keys), {})
    token = sign_access_token(
        key,
        user_id=new_id(),
        roles=("user", "staff"),
        practitioner_id=None,
        session_id=new_id(),
        now=machine_now(),
        lifetime=timedelta(hours=1),
    )
    return build(runtime, title="catalog", routers=[routes(audited=True), routes(audited=False)]), token


async def add_practitioner(db: Database) -> UUID:
    """One to decide about."""
    given = {"display_name": "Maya", "bio": "", "specializations": [], "timezone": "UTC"}
    async with db.transaction() as session:
        return (await Practitioners(session).add(new_id(), given)).id


async def measure(client: httpx2.AsyncClient, practitioner_id: UUID, token: str) -> tuple[Tally, Tally]:
    """With and without, in turns; which of them is first changes each time."""
    audited, plain = Tally(), Tally()

    async def write(kind: str) -> float:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id())}
        began = time.perf_counter()
        answer = await client.post(f"/{kind}/{practitioner_id}/", headers=headers)
        assert answer.status_code == 200, answer.text
        return time.perf_counter() - began

    for number in range(WARM + PAIRS):
        order: list[tuple[str, Tally]] = [("audited", audited), ("plain", plain)]
        for kind, tally in order if number % 2 else order[::-1]:
            tally.taken.append(await write(kind))
    for tally in (audited, plain):
        del tally.taken[:WARM]
    return audited, plain


async def seal(db: Database, cpu: Callable[[], float]) -> tuple[int, float, float]:
    """Rows, seconds, and CPU seconds of Postgres until none is left."""
    sealer, rows, began, before = Sealer(db), 0, time.perf_counter(), cpu()
    while sealed := await sealer.run_once():
        rows += sealed
    return rows, time.perf_counter() - began, cpu() - before


async def main() -> None:
    """Prints the ratio."""
    async with ground(["catalog"]) as on:
        app, token = app_on(on)
        db: Database = app.state.runtime.db
        practitioner_id = await add_practitioner(db)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://bench") as client:
            audited, plain = await measure(client, practitioner_id, token)
        rows, seconds, cpu = await seal(db, on.postgres_cpu)
        await db.close()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} {PAIRS} writes each, in turns")
    print(f"audited  median {audited.median:.2f} ms, mean {audited.mean:.2f} ms")
    print(f"plain    median {plain.median:.2f} ms, mean {plain.mean:.2f} ms")
    print(f"ratio    median {audited.median / plain.median:.3f}, mean {audited.mean / plain.mean:.3f} (goal 1.1)")
    print(
        f"sealing  {rows} rows in {seconds:.2f} s: {seconds / rows * 1e6:.0f} us each, Postgres {cpu / rows * 1e6:.0f}"
    )


if __name__ == "__main__":
    run(main)
