"""What the process may die in: each story acts, and says whether its effect is there once."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2

from devtools.testing.callers import headers_for
from devtools.testing.crashes import Crashes
from devtools.testing.delivery import deliver, envelope_of, run_jobs
from services.booking.tests.doubles import Ledger, usd
from services.booking.tests.waits import wait
from services.booking.tests.world import TEN, World
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingExpired, SeatOffered
from shared.records.ids import derived_id, new_id


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


class BookAsMember(Story):
    """A session of the client's membership pays the seat."""

    async def prepare(self) -> None:
        self.sessions = self.world.payments.sessions or 0

    async def act(self) -> None:
        self.answers.append(await self.world.try_book(self.start, self.client, use_membership=True))

    async def check(self) -> None:
        assert self.answers[-1].status_code == 201, self.answers[-1].text
        self.booking = self.answers[-1].json()
        await self.is_now("confirmed")
        assert self.world.payments.sessions == self.sessions - 1
        assert await self.events(BookingConfirmed) == 1


class CancelAsMember(BookAsMember):
    """It is cancelled in time: the session is back."""

    async def prepare(self) -> None:
        await super().prepare()
        self.booking = await self.world.book(self.start, headers=self.client, use_membership=True)

    async def act(self) -> None:
        await self.post(f"/bookings/{self.booking['id']}/cancel/")

    async def check(self) -> None:
        assert self.answers[-1].status_code == 200, self.answers[-1].text
        await self.is_now("cancelled")
        assert self.world.payments.sessions == self.sessions
        assert await self.events(BookingCancelled) == 1


class MemberTooLate(BookAsMember):
    """The process comes back when the hold is over: the session is back, or the seat is theirs after all."""

    async def act(self) -> None:
        self.answers.append(await self.world.try_book(self.start, self.client, use_membership=True))
        self.world.clock.advance(timedelta(minutes=16))
        await run_jobs(self.world.app)

    async def check(self) -> None:
        mine = (await self.world.get("/bookings/?limit=100", headers_for(self.client_id))).json()["results"]
        confirmed = sum(each["status"] == "confirmed" for each in mine)
        assert self.world.payments.sessions == self.sessions - confirmed
        assert {each["status"] for each in mine} <= {"confirmed", "expired"}


class CancelBeforeWaiting(Cancel):
    """A paid booking is cancelled while another client waits for its seat."""

    async def prepare(self) -> None:
        await super().prepare()
        self.waiting = headers_for(derived_id(self.client_id, "waiting"))
        self.entry = await wait(self.world, self.waiting, self.start)

    async def check(self) -> None:
        await super().check()
        seen = (await self.world.get("/waitlist/", self.waiting)).json()["results"]
        assert [(each["id"], each["status"]) for each in seen] == [(self.entry["id"], "offered")]
        assert sum(str(event.entry_id) == self.entry["id"] for event in await self.world.events(SeatOffered)) == 1


class AcceptOffer(Story):
    """The client takes a seat that is offered."""

    async def prepare(self) -> None:
        self.balance = self.world.payments.balance
        other = headers_for(derived_id(self.client_id, "other"))
        taken = await self.world.confirmed(self.start, other)
        self.entry = await wait(self.world, headers_for(self.client_id), self.start)
        assert (await self.world.post(f"/bookings/{taken['id']}/cancel/", None, other)).status_code == 200

    async def act(self) -> None:
        await self.post(f"/waitlist/{self.entry['id']}/accept/", {"credits": usd(4000)})

    async def check(self) -> None:
        assert self.answers[-1].status_code == 201, self.answers[-1].text
        self.booking = self.answers[-1].json()
        seen = (await self.world.get("/waitlist/", headers_for(self.client_id))).json()["results"]
        assert [(each["status"], each["booking_id"]) for each in seen] == [("booked", self.booking["id"])]
        assert (self.order.status, self.order.credits) == ("open", 4000)
        assert self.world.payments.balance == self.balance - 4000
        await self.is_now("pending_payment")


STORIES: list[type[Story]] = [
    Book,
    Pay,
    Cancel,
    GiveUp,
    Expire,
    PaidLate,
    PaidTooLate,
    BookAsMember,
    CancelAsMember,
    MemberTooLate,
    CancelBeforeWaiting,
    AcceptOffer,
]
