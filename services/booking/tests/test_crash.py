"""The process dies at every commit and at every call to payments, comes back, and everything has happened once.

By default a part of the points is tried; ESTUARY_SWEEP=all tries every one (`make walks`).
"""

import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from devtools.testing.callers import headers_for, service_tokens
from devtools.testing.crashes import Crashes, CrashingDatabase
from devtools.testing.delivery import deliver, envelope_of, run_jobs
from devtools.testing.fixtures import RuntimeFactory
from services.booking.app import create_app
from services.booking.tests.world import TEN, Catalog, Ledger, Payments, World, identity, usd
from shared.errors import Unavailable
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingExpired
from shared.peers import Body, Json, Peers
from shared.records.clock import FixedClock
from shared.records.ids import derived_id, new_id

EVERY = 1 if os.environ.get("ESTUARY_SWEEP") == "all" else 5
SOON = [
    "update booking.checkouts set attempt_at = now()",
    "update booking.cancellations set attempt_at = now()",
    "update booking.idempotency set locked_until = now() - interval '1 second' where locked_until is not null",
]


class CrashingPeers(Peers):
    """Each call is three points: before it, its answer lost (which the process survives), and after it."""

    def __init__(self, crashes: Crashes, *given: Any) -> None:
        super().__init__(*given)
        self.crashes = crashes

    async def call(self, method: str, service: str, path: str, body: Body = None) -> Json:
        name = f"{method} {service} {path.rstrip('/').rsplit('/', 1)[-1][:8]}"
        self.crashes.may_die(f"before {name}")
        answer = await super().call(method, service, path, body)
        if self.crashes.passes(f"lost answer of {name}"):
            raise Unavailable(f"{service} does not answer.")
        self.crashes.may_die(f"after {name}")
        return answer


@pytest.fixture
def crashes() -> Crashes:
    """When the process dies."""
    return Crashes()


@pytest.fixture
async def world(
    runtime_for: RuntimeFactory, client_for: Callable[..., Any], clock: FixedClock, crashes: Crashes
) -> AsyncIterator[World]:
    """Booking, on a database and before peers at which it dies."""
    catalog, payments = Catalog(), Payments(balance=1_000_000)
    apps = {"catalog": catalog.app(), "payments": payments.app(), "identity": identity()}
    transports = {name: httpx2.ASGITransport(app) for name, app in apps.items()}
    peers = CrashingPeers(crashes, transports, service_tokens("booking").token)
    runtime = await runtime_for("booking")
    db = CrashingDatabase(runtime.db, crashes)
    app = create_app(replace(runtime, db=db, peers=peers))
    world = World(app, app.state.runtime, client_for(app), clock, catalog, payments)
    await world.open_shop()
    yield world
    await peers.close()
    await db.close()


@dataclass
class Story(ABC):
    """`act` may end anywhere and is then done again; `check` says that its effect is there once."""

    world: World
    crashes: Crashes
    number: int
    key: str = field(default_factory=lambda: new_id().hex)
    answers: list[httpx2.Response] = field(default_factory=list)

    async def prepare(self) -> None:
        """What came before: a booking that waits for its payment, part of it paid by credits."""
        self.balance = self.world.payments.balance
        self.booking = await self.world.book(self.start, credits=usd(4000), headers=self.client)

    @property
    def start(self) -> Any:
        """Each story has a slot of its own."""
        return TEN + timedelta(days=self.number // 6, hours=self.number % 6)

    @property
    def client(self) -> dict[str, str]:
        """The client, with the story's key."""
        return headers_for(self.client_id) | {"Idempotency-Key": self.key}

    @property
    def client_id(self) -> UUID:
        """Each story has a client of its own."""
        return derived_id(self.world.client_id, str(self.number))

    @abstractmethod
    async def act(self) -> None:
        """What happens."""

    @abstractmethod
    async def check(self) -> None:
        """One effect, here and at payments."""

    async def post(self, path: str, body: Any = None) -> None:
        """A request of the client; the answer is kept."""
        headers = self.client | {"Idempotency-Key": f"{self.key}/{path}"}
        self.answers.append(await self.world.post(path, body, headers))

    def paid(self) -> Any:
        """Payments says that the card was charged."""
        return envelope_of(self.world.paid(self.booking), self.world.clock.now())

    @property
    def order(self) -> Ledger:
        """The booking's order at payments."""
        return self.world.payments.orders[str(derived_id(UUID(self.booking["id"]), "order"))]

    async def is_now(self, status: str) -> None:
        """Of the booking."""
        shown = await self.world.get(f"/bookings/{self.booking['id']}/", headers_for(self.client_id))
        assert shown.json()["status"] == status

    async def events(self, kind: Any) -> int:
        """How many such events about the booking have left."""
        return sum(str(event.booking.id) == self.booking["id"] for event in await self.world.events(kind))


class Book(Story):
    """The client takes a slot."""

    async def prepare(self) -> None:
        self.balance = self.world.payments.balance

    async def act(self) -> None:
        self.answers.append(await self.world.try_book(self.start, self.client, credits=usd(4000)))

    async def check(self) -> None:
        assert self.answers[-1].status_code == 201, self.answers[-1].text
        self.booking = self.answers[-1].json()
        mine = (await self.world.get("/bookings/", headers_for(self.client_id))).json()["results"]
        assert [each["id"] for each in mine] == [self.booking["id"]]
        assert (self.order.status, self.order.credits) == ("open", 4000)
        assert self.world.payments.balance == self.balance - 4000
        await self.is_now("pending_payment")


class Pay(Story):
    """The card is charged in time."""

    async def prepare(self) -> None:
        await super().prepare()
        self.event = self.paid()

    async def act(self) -> None:
        await deliver(self.world.app, self.event)

    async def check(self) -> None:
        await self.is_now("confirmed")
        assert await self.events(BookingConfirmed) == 1


class Cancel(Pay):
    """The client cancels a paid booking in time."""

    async def prepare(self) -> None:
        await super().prepare()
        await deliver(self.world.app, self.event)

    async def act(self) -> None:
        await self.post(f"/bookings/{self.booking['id']}/cancel/", {"reason": "Ill"})

    async def check(self) -> None:
        assert self.answers[-1].status_code == 200, self.answers[-1].text
        await self.is_now("cancelled")
        assert (self.order.refunded, len(self.order.refunds)) == (10_001, 1)
        assert await self.events(BookingCancelled) == 1


class GiveUp(Story):
    """The client cancels before having paid."""

    async def act(self) -> None:
        await self.post(f"/bookings/{self.booking['id']}/cancel/")

    async def check(self) -> None:
        assert self.answers[-1].status_code == 200, self.answers[-1].text
        await self.is_now("cancelled")
        assert self.order.status == "cancelled"
        assert self.world.payments.balance == self.balance
        assert await self.events(BookingCancelled) == 1


class Expire(Story):
    """Nobody pays in time."""

    async def prepare(self) -> None:
        await super().prepare()
        self.world.clock.advance(timedelta(minutes=16))

    async def act(self) -> None:
        await run_jobs(self.world.app)

    async def check(self) -> None:
        await self.is_now("expired")
        assert self.order.status == "cancelled"
        assert self.world.payments.balance == self.balance
        assert await self.events(BookingExpired) == 1


class PaidLate(Expire):
    """The card is charged after the hold has ended; the slot is still free, and the credits are there."""

    async def prepare(self) -> None:
        await super().prepare()
        await run_jobs(self.world.app)
        self.event = self.paid()

    async def act(self) -> None:
        await deliver(self.world.app, self.event)
        await run_jobs(self.world.app)

    async def check(self) -> None:
        await self.is_now("confirmed")
        assert (self.order.status, self.order.refunded) == ("paid", 0)
        assert self.world.payments.balance == self.balance - 4000
        assert await self.events(BookingConfirmed) == 1


class PaidTooLate(PaidLate):
    """The card is charged late, and another client has the slot by then: everything goes back."""

    async def prepare(self) -> None:
        await super().prepare()
        await self.world.book(self.start, headers=headers_for())

    async def check(self) -> None:
        await self.is_now("expired")
        assert len(self.order.refunds) == 1
        assert self.world.payments.balance == self.balance
        assert await self.events(BookingConfirmed) == 0


STORIES: list[type[Story]] = [Book, Pay, Cancel, GiveUp, Expire, PaidLate, PaidTooLate]


@pytest.mark.parametrize("kind", STORIES, ids=lambda kind: kind.__name__)
async def test_rule_05_a_crash_anywhere_leaves_one_effect(world: World, crashes: Crashes, kind: type[Story]) -> None:
    points = await play(kind(world, crashes, 0), None)
    assert points, "nothing was stored and nobody was asked"
    for number, chosen in enumerate(range(STORIES.index(kind) % EVERY, len(points), EVERY), start=1):
        await play(kind(world, crashes, number), chosen)


async def test_an_order_that_payments_refuses_after_all_leaves_nothing_behind(world: World) -> None:
    world.payments.refuses = "stripe_refused"
    answer = await world.try_book()
    assert (answer.status_code, answer.json()["code"]) == (409, "stripe_refused")
    assert (await world.get("/bookings/")).json()["total"] == 0
    assert "10:00" in await world.starts()


async def play(story: Story, chosen: int | None) -> list[str]:
    """Plays it with a crash at that point, and again after it; answers the points of the first time."""
    crashes = story.crashes
    await story.prepare()
    # A job that gets no answer has failed, and is run again.
    with crashes.armed(chosen), suppress(Unavailable):
        await story.act()
    passed, hit = crashes.passed, crashes.hit
    for again in (True, False):
        await soon(story.world)
        if again:
            await story.act()
        await run_jobs(story.world.app)
    try:
        await story.check()
        assert await story.world.broken_invariants() == {}
    except AssertionError as error:
        error.add_note(f"after {hit} (point {chosen} of {passed})")
        raise
    return passed


async def soon(world: World) -> None:
    """What waits is due now, and what a dead process had claimed is free."""
    async with world.runtime.db.transaction() as session:
        raw = await session.connection()
        await raw.exec_driver_sql("set local role none")
        for statement in SOON:
            await raw.exec_driver_sql(statement)
