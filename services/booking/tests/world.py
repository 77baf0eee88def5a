"""The booking service as tests use it: people, what they ask, and what came of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI
from sqlalchemy import select, text

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, events_of
from services.booking.invariants import INVARIANTS
from services.booking.tests.doubles import Catalog, Payments, usd
from shared.events.base import Event
from shared.events.catalog import ServiceSnapshot
from shared.events.payments import PaymentSucceeded
from shared.records.clock import FixedClock
from shared.records.ids import derived_id, new_id
from shared.records.money import Money
from shared.runtime import Runtime

TEN = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
"""Thursday, two days and two hours after the tests' clock starts."""
HOUR = timedelta(hours=1)
ALL_DAY = {
    "timezone": "UTC",
    "weekly": [{"day_of_week": d, "start_time": "09:00", "end_time": "17:00"} for d in range(7)],
}
Audited = tuple[str, str, dict[str, Any], dict[str, Any]]
"""Action, subject, before and after."""


@dataclass
class World:
    """The booking service with everything around it, one practitioner and one service."""

    app: FastAPI
    runtime: Runtime
    http: httpx2.AsyncClient
    clock: FixedClock
    catalog: Catalog
    payments: Payments
    practitioner_id: UUID = field(default_factory=new_id)
    practitioner_user_id: UUID = field(default_factory=new_id)
    client_id: UUID = field(default_factory=new_id)
    service_id: UUID = field(default_factory=new_id)
    staff_id: UUID = field(default_factory=new_id)

    @property
    def client(self) -> dict[str, str]:
        return headers_for(self.client_id)

    @property
    def practitioner(self) -> dict[str, str]:
        return headers_for(self.practitioner_user_id, ("user", "practitioner"), self.practitioner_id)

    @property
    def staff(self) -> dict[str, str]:
        return headers_for(self.staff_id, ("user", "staff"), X_Confirm_Action="true", Idempotency_Key=new_id().hex)

    async def open_shop(self, hours: dict[str, Any] | None = None, **service: Any) -> None:
        self.snapshot(**service)
        path = f"/api/v1/practitioners/{self.practitioner_id}/schedule/"
        answer = await self.http.post(path, json=hours or ALL_DAY, headers=self.practitioner)
        assert answer.status_code == 200, answer.text

    def snapshot(self, service_id: UUID | None = None, **given: Any) -> ServiceSnapshot:
        plain: dict[str, Any] = {
            "service_id": service_id or self.service_id,
            "practitioner_id": self.practitioner_id,
            "practitioner_user_id": self.practitioner_user_id,
            "version": 1,
            "service_type": "session",
            "title": "Breathing",
            "price": Money(10_001, "USD"),
            "duration_minutes": 60,
            "max_participants": 1,
            "delivery": "online",
            "buffer_before_minutes": 0,
            "buffer_after_minutes": 0,
            "min_notice_minutes": 0,
            "slot_interval_minutes": given.get("duration_minutes", 60),
            "horizon_days": 90,
            "is_active": True,
            "practitioner_timezone": "UTC",
        }
        found = ServiceSnapshot(**{**plain, **given})
        self.catalog.services[found.service_id] = found
        return found

    async def try_book(
        self, start: datetime = TEN, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx2.Response:
        body = {"service_id": str(self.service_id), "start_time": start.isoformat(), **more}
        return await self.http.post("/api/v1/bookings/", json=body, headers=headers or self.client)

    async def book(self, start: datetime = TEN, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        answer = await self.try_book(start, headers, **more)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def confirmed(
        self, start: datetime = TEN, headers: dict[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        """A booking whose card was charged."""
        booking = await self.book(start, headers, **more)
        await deliver(self.app, self.paid(booking))
        return booking

    async def paid_in_parts(self, **service: Any) -> dict[str, Any]:
        """The hours are open, and there is a confirmed booking: 4,000 by credits, 6,001 by card."""
        await self.open_shop(**service)
        self.payments.balance = 4_000
        booking = await self.book(credits=usd(4_000))
        await deliver_twice(self.app, self.paid(booking))
        return booking

    def paid(self, booking: dict[str, Any]) -> PaymentSucceeded:
        """The event after the card was charged."""
        order_id = derived_id(UUID(booking["id"]), "order")
        self.payments.card_succeeds(str(order_id), self.clock.now())
        order = self.payments.orders[str(order_id)]
        late = order.status == "paid_late"
        return PaymentSucceeded(
            order_id=order_id,
            **self.subject_of(booking),
            client_id=UUID(booking["client_id"]),
            amount=Money(order.total - order.credits, "USD"),
            credits=Money(0 if late else order.credits, "USD"),
            paid_at=order.paid_at or self.clock.now(),
        )

    def subject_of(self, booking: dict[str, Any]) -> dict[str, Any]:
        """How payments' events name what the order was made for: the booking of all its lines, if there is one."""
        children = [UUID(child["id"]) for child in booking["children"]]
        if children:
            only = children[0] if len(children) == 1 else None
            return {"booking_id": only, "kind": "booking", "subject_id": UUID(booking["id"])}
        return {"booking_id": UUID(booking["id"])}

    async def get(self, path: str, headers: dict[str, str] | None = None) -> httpx2.Response:
        return await self.http.get(f"/api/v1{path}", headers=headers or self.client)

    async def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> httpx2.Response:
        return await self.http.post(f"/api/v1{path}", json=body, headers=headers or self.client)

    async def status_of(self, booking: dict[str, Any]) -> str:
        return str((await self.get(f"/bookings/{booking['id']}/")).json()["status"])

    async def slots(self, first: str = "2026-12-03", until: str = "2026-12-04", **more: Any) -> list[dict[str, Any]]:
        answer = await self.ask_slots(first, until, **more)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    async def ask_slots(self, first: str, until: str, **more: Any) -> httpx2.Response:
        query = {"service_id": str(self.service_id), "from": first, "to": until, **more}
        return await self.http.get(f"/api/v1/practitioners/{self.practitioner_id}/availability/", params=query)

    async def starts(self) -> list[str]:
        return [slot["start_time"][11:16] for slot in await self.slots()]

    async def events(self, kind: type[Event] | None = None) -> list[Any]:
        found = await events_of(self.runtime)
        return [event for event in found if kind is None or isinstance(event, kind)]

    async def audited(self) -> list[Audited]:
        """What staff did, in order; an outcome without the id of what it is the outcome of."""
        async with self.runtime.db.read() as session:
            table = session.system_tables.audit
            rows = (await session.execute(select(table).order_by(table.c.created_at, table.c.id))).all()
        assert {row.actor_id for row in rows} == {self.staff_id}
        outcomes = [{name: value for name, value in row.after.items() if name != "entry"} for row in rows]
        return [(row.action, str(row.subject_id), row.before, after) for row, after in zip(rows, outcomes, strict=True)]

    async def broken_invariants(self) -> dict[str, int]:
        async with self.runtime.db.read() as session:
            counts = {name: len((await session.execute(text(sql))).all()) for name, sql in INVARIANTS.items()}
        return {name: count for name, count in counts.items() if count}
