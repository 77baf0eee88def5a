"""Doubles for booking's tests: small ones of catalog and payments that speak the internal contract."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.booking.invariants import INVARIANTS
from shared.events.base import Event
from shared.events.catalog import ServiceSnapshot
from shared.events.payments import PaymentSucceeded
from shared.records.clock import FixedClock
from shared.records.ids import derived_id, new_id
from shared.records.money import Money, split
from shared.runtime import Runtime

TEN = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
"""Thursday, two days and two hours after the tests' clock starts."""
HOUR = timedelta(hours=1)
ALL_DAY = {
    "timezone": "UTC",
    "weekly": [{"day_of_week": d, "start_time": "09:00", "end_time": "17:00"} for d in range(7)],
}


def problem(status: int, code: str, field_: str | None = None) -> JSONResponse:
    errors = [{"field": field_, "message": code, "code": code}] if field_ else []
    return JSONResponse({"status": status, "detail": code, "code": code, "errors": errors}, status)


def identity() -> FastAPI:
    """Answers `/internal/users/{id}/`: everybody is Ana Kova, but for ids of zeros."""
    app = FastAPI()

    @app.get("/internal/users/{user_id}/")
    async def user(user_id: UUID) -> Any:
        return {"first_name": "Ana", "last_name": "Kova"} if user_id.int else problem(404, "not_found")

    return app


@dataclass
class Catalog:
    """Answers `/internal/services/{id}/` and `/internal/practitioners/{id}/`."""

    services: dict[UUID, ServiceSnapshot] = field(default_factory=dict)
    asked: int = 0

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/internal/services/{service_id}/")
        async def service(service_id: UUID) -> Any:
            self.asked += 1
            found = self.services.get(service_id)
            return found.model_dump(mode="json") if found else problem(404, "not_found")

        @app.get("/internal/practitioners/{practitioner_id}/")
        async def practitioner(practitioner_id: UUID) -> Any:
            known = {snapshot.practitioner_id for snapshot in self.services.values()}
            return {"timezone": "Europe/Lisbon"} if practitioner_id in known else problem(404, "not_found")

        return app


@dataclass
class Ledger:
    """One order at the payments double."""

    total: int
    credits: int
    status: str
    refunded: int = 0
    paid_at: datetime | None = None
    refunds: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass
class Payments:
    """Orders in memory. `silent` answers nothing useful; `lossy` does what it is asked and loses its answer.

    `refuses`: every new order is closed at once, and refused with that code.
    """

    balance: int = 0
    silent: bool = False
    lossy: bool = False
    refuses: str = ""
    orders: dict[str, Ledger] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def trouble(request: Request, call_next: Any) -> Any:
            self.calls.append(f"{request.method} {request.url.path}")
            if self.silent:
                return problem(503, "unavailable")
            answer = await call_next(request)
            return problem(503, "unavailable") if self.lossy else answer

        app.put("/internal/orders/{order_id}/")(self.open)
        app.post("/internal/orders/{order_id}/close/")(self.close)
        app.post("/internal/orders/{order_id}/retake/")(self.retake)
        app.post("/internal/orders/{order_id}/refunds/")(self.refund)
        app.get("/internal/orders/{order_id}/refund-preview/")(self.preview)
        return app

    async def open(self, order_id: str, request: Request) -> Any:
        body = await request.json()
        if self.refuses:
            self.closed.add(order_id)
            return problem(409, self.refuses)
        if order_id in self.closed and order_id not in self.orders:
            return problem(409, "order_closed")
        if order_id not in self.orders:
            total, wanted = body["total"]["amount"], body["credits"]
            credits = min(self.balance, total) if wanted == "max" else (wanted or {"amount": 0})["amount"]
            if credits > self.balance:
                return problem(422, "insufficient_credits", "credits")
            self.balance -= credits
            self.orders[order_id] = Ledger(total, credits, "paid" if credits == total else "open")
        order = self.orders[order_id]
        return {
            "order_id": order_id,
            "status": order.status,
            "total": usd(order.total),
            "credits_applied": usd(order.credits),
            "amount_due": usd(order.total - order.credits),
            "client_secret": f"{order_id}_secret",
            "publishable_key": "pk_test_estuary",
            "expires_at": body["expires_at"],
        }

    async def close(self, order_id: str) -> Any:
        self.closed.add(order_id)
        order = self.orders.get(order_id)
        if order is not None and order.status == "open":
            order.status = "cancelled"
            self.balance += order.credits
        if order is None or order.status not in {"paid", "paid_late"}:
            return {"status": "cancelled", "paid_at": None}
        return {"status": "paid", "paid_at": order.paid_at and order.paid_at.isoformat()}

    async def retake(self, order_id: str) -> Any:
        order = self.orders[order_id]
        if order.status == "paid_late":
            if order.credits > self.balance:
                return problem(409, "insufficient_credits")
            self.balance -= order.credits
            order.status = "paid"
        return {"status": "paid"}

    async def refund(self, order_id: str, request: Request) -> Any:
        body, order = await request.json(), self.orders[order_id]
        if body["refund_id"] not in order.refunds:
            self.reasons.append(body["reason"])
            left = order.total - order.refunded
            amount = left if body["amount"] is None else min(body["amount"]["amount"], left)
            if left == 0 and (body["amount"] is None or body["amount"]["amount"] > 0):
                return problem(409, "nothing_to_refund")
            order.refunded += amount
            order.refunds[body["refund_id"]] = self.tenders(order, amount)
        return {"refund": {name: usd(value) for name, value in order.refunds[body["refund_id"]].items()}}

    async def preview(self, order_id: str, amount: int) -> Any:
        return {"refund": {name: usd(value) for name, value in self.tenders(self.orders[order_id], amount).items()}}

    def tenders(self, order: Ledger, amount: int) -> dict[str, int]:
        card, credits = split(amount, [order.total - order.credits, order.credits])
        return {"card": card, "credits": credits}

    def card_succeeds(self, order_id: str, at: datetime) -> None:
        """Stripe says that the card was charged, whatever was believed about the order."""
        order = self.orders[order_id]
        order.paid_at = order.paid_at or at
        order.status = "paid" if order.status == "open" else "paid_late"


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


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

    def paid(self, booking: dict[str, Any]) -> PaymentSucceeded:
        """The event after the card was charged."""
        order_id = derived_id(UUID(booking["id"]), "order")
        self.payments.card_succeeds(str(order_id), self.clock.now())
        order = self.payments.orders[str(order_id)]
        late = order.status == "paid_late"
        return PaymentSucceeded(
            order_id=order_id,
            booking_id=UUID(booking["id"]),
            client_id=UUID(booking["client_id"]),
            amount=Money(order.total - order.credits, "USD"),
            credits=Money(0 if late else order.credits, "USD"),
            paid_at=order.paid_at or self.clock.now(),
        )

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

    async def broken_invariants(self) -> dict[str, int]:
        async with self.runtime.db.read() as session:
            counts = {name: len((await session.execute(text(sql))).all()) for name, sql in INVARIANTS.items()}
        return {name: count for name, count in counts.items() if count}
