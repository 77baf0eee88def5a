"""What the process may die in, of dates: each story acts, and says whether its effect is there once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from services.booking.tests.stories import Story
from services.booking.tests.world import TEN
from shared.events.booking import BookingCancelled
from shared.events.sessions import SessionCancelled, SessionScheduled
from shared.records.ids import derived_id, new_id


class AnnounceSeries(Story):
    """A practitioner announces three dates of a workshop."""

    async def prepare(self) -> None:
        service = self.world.snapshot(new_id(), service_type="workshop", max_participants=3)
        self.path = f"/services/{service.service_id}/schedule/"
        self.service_id = service.service_id
        self.begins = TEN + timedelta(days=30 + 21 * self.number)

    async def act(self) -> None:
        rule = {"rrule": "FREQ=WEEKLY;COUNT=3", "start_date": f"{self.begins:%Y-%m-%d}", "start_time": "10:00"}
        headers = self.world.practitioner | {"Idempotency-Key": self.key}
        self.answers.append(await self.world.post(self.path, {"series": rule | {"timezone": "UTC"}}, headers))

    async def check(self) -> None:
        assert self.answers[-1].status_code == 201, self.answers[-1].text
        dates = (await self.world.get(self.path)).json()
        assert (dates["total"], dates["results"]) == (3, self.answers[-1].json()["results"])
        scheduled = [event.session.service_id for event in await self.world.events(SessionScheduled)]
        assert scheduled.count(self.service_id) == 3


class CancelDate(AnnounceSeries):
    """A date is cancelled with two paid bookings and a hold."""

    async def prepare(self) -> None:
        await super().prepare()
        await super().act()
        self.date = self.answers[-1].json()["results"][0]
        of_service = {"service_id": str(self.service_id)}
        clients = [headers_for(derived_id(self.client_id, str(seat))) for seat in range(3)]
        self.bookings = [await self.world.book(self.begins, client, **of_service) for client in clients]
        for booking in self.bookings[:2]:
            await deliver(self.world.app, self.world.paid(booking))

    async def act(self) -> None:
        headers = self.world.practitioner | {"Idempotency-Key": f"{self.key}/cancel"}
        path = f"/sessions/{self.date['id']}/cancel/"
        self.answers.append(await self.world.post(path, {"reason": "Ill"}, headers))
        await run_jobs(self.world.app)

    async def check(self) -> None:
        assert self.answers[-1].status_code == 200, self.answers[-1].text
        ids = {booking["id"] for booking in self.bookings}
        shown: dict[str, Any] = {
            each: (await self.world.get(f"/bookings/{each}/", self.world.staff)).json()["status"] for each in ids
        }
        assert set(shown.values()) == {"cancelled"}
        paid = [UUID(booking["id"]) for booking in self.bookings[:2]]
        orders = [self.world.payments.orders[str(derived_id(each, "order"))] for each in paid]
        assert [(order.refunded, len(order.refunds)) for order in orders] == [(10_001, 1)] * 2
        gone = [str(event.booking.id) for event in await self.world.events(BookingCancelled)]
        assert sorted(each for each in gone if each in ids) == sorted(ids)
        over = [str(event.session.id) for event in await self.world.events(SessionCancelled)]
        assert over.count(self.date["id"]) == 1


DATE_STORIES: list[type[Story]] = [AnnounceSeries, CancelDate]
