"""Small doubles of catalog, identity and payments that speak the internal contract."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from devtools.testing.answers import a_practitioner, a_user
from shared.events.catalog import ServiceSnapshot
from shared.internal.catalog import (
    LOCATIONS,
    PACKAGE,
    PRACTITIONER,
    SERVICE,
    KnownLocation,
    KnownLocations,
    PackageSnapshot,
)
from shared.internal.identity import USER
from shared.internal.payments import (
    CAPTURE_ORDER,
    CLOSE_ORDER,
    OPEN_ORDER,
    PREVIEW_REFUND,
    REFUND_ORDER,
    RETAKE_ORDER,
    CardPayment,
    OpenedOrder,
    OpenOrder,
    OrderOutcome,
    RefundAnswer,
    RefundRequest,
    RefundSplit,
)
from shared.records.money import Money, split


def problem(status: int, code: str, field_: str | None = None) -> JSONResponse:
    errors = [{"field": field_, "message": code, "code": code}] if field_ else []
    return JSONResponse({"status": status, "detail": code, "code": code, "errors": errors}, status)


def identity() -> FastAPI:
    """Everybody is Ana Kova, but for ids of zeros."""
    app = FastAPI()

    @app.get(USER.path)
    async def user(user_id: UUID) -> Any:
        return a_user(user_id) if user_id.int else problem(404, "not_found")

    return app


@dataclass
class Catalog:
    """Knows these services, their practitioners, and locations."""

    services: dict[UUID, ServiceSnapshot] = field(default_factory=dict)
    locations: list[KnownLocation] = field(default_factory=list)
    packages: dict[UUID, PackageSnapshot] = field(default_factory=dict)
    asked: int = 0

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get(SERVICE.path)
        async def service(service_id: UUID) -> Any:
            self.asked += 1
            found = self.services.get(service_id)
            return found or problem(404, "not_found")

        @app.get(LOCATIONS.path)
        async def locations(practitioner_id: UUID) -> KnownLocations:
            return KnownLocations(results=[each for each in self.locations if each.practitioner_id == practitioner_id])

        @app.get(PACKAGE.path)
        async def package(package_id: UUID) -> Any:
            return self.packages.get(package_id) or problem(404, "not_found")

        @app.get(PRACTITIONER.path)
        async def practitioner(practitioner_id: UUID) -> Any:
            known = {snapshot.practitioner_id for snapshot in self.services.values()}
            found = a_practitioner(practitioner_id=practitioner_id) if practitioner_id in known else None
            return found or problem(404, "not_found")

        return app


@dataclass
class Ledger:
    """One order at the payments double; `funded` is what a session of a membership pays."""

    total: int
    credits: int
    status: str
    funded: int = 0
    refunded: int = 0
    paid_at: datetime | None = None
    refunds: dict[UUID, RefundSplit] = field(default_factory=dict)


@dataclass
class Payments:
    """Orders in memory. `silent` answers nothing useful; `lossy` does what it is asked and loses its answer.

    `refuses`: every new order is closed at once, and refused with that code. `cards` are saved ones: how a try with
    each of them ends. `sessions` are what is left of every client's membership; None:
    nobody has one.
    """

    balance: int = 0
    sessions: int | None = None
    silent: bool = False
    lossy: bool = False
    refuses: str = ""
    refuses_capture: bool = False
    capture_before: datetime | None = None
    orders: dict[str, Ledger] = field(default_factory=dict)
    cards: dict[UUID, CardPayment] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    opened: dict[str, OpenOrder] = field(default_factory=dict)
    refunded_lines: list[list[tuple[UUID, int]]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def trouble(request: Request, call_next: Any) -> Any:
            self.calls.append(f"{request.method} {request.url.path}")
            if self.silent:
                return problem(503, "unavailable")
            answer = await call_next(request)
            return problem(503, "unavailable") if self.lossy else answer

        app.put(OPEN_ORDER.path)(self.open)
        app.post(CLOSE_ORDER.path)(self.close)
        app.post(RETAKE_ORDER.path)(self.retake)
        app.post(CAPTURE_ORDER.path)(self.capture)
        app.post(REFUND_ORDER.path)(self.refund)
        app.get(PREVIEW_REFUND.path)(self.preview)
        return app

    async def open(self, order_id: str, body: OpenOrder) -> Any:
        if self.refuses:
            self.closed.add(order_id)
            return problem(409, self.refuses)
        if order_id in self.closed and order_id not in self.orders:
            return problem(409, "order_closed")
        if body.payment_method_id is not None and body.payment_method_id not in self.cards:
            return problem(404, "not_found", "payment_method_id")
        if body.use_membership and order_id not in self.orders:
            if not self.sessions:
                return (
                    problem(403, "subscription_required") if self.sessions is None else problem(409, "no_sessions_left")
                )
            self.sessions -= 1
            self.orders[order_id] = Ledger(0, 0, "paid", funded=body.total.amount)
        if order_id not in self.orders:
            total, wanted = body.total.amount, body.credits
            credits = min(self.balance, total) if wanted == "max" else wanted.amount if wanted else 0
            if credits > self.balance:
                return problem(422, "insufficient_credits", "credits")
            self.balance -= credits
            paid = "paid" if body.capture == "automatic" else "authorized"
            self.orders[order_id] = Ledger(total, credits, paid if credits == total else "open")
        order, payment = self.orders[order_id], None
        self.opened[order_id] = body
        if body.payment_method_id is not None and order.credits < order.total:
            payment = self.cards[body.payment_method_id]
            order.status = "paid" if payment.status == "succeeded" else order.status
            order.status = "authorized" if payment.status == "processing" else order.status
        return OpenedOrder(
            order_id=UUID(order_id),
            status=order.status,
            total=money(order.total),
            credits_applied=money(order.credits),
            amount_due=money(order.total - order.credits),
            client_secret=f"{order_id}_secret",
            publishable_key="pk_test_estuary",
            expires_at=body.expires_at,
            paid_at=order.paid_at,
            capture_before=self.capture_before
            if order.status == "authorized" and order.credits < order.total
            else None,
            payment=payment,
        )

    async def close(self, order_id: str) -> Any:
        self.closed.add(order_id)
        order = self.orders.get(order_id)
        if order is not None and order.status in {"open", "authorized"}:
            order.status = "cancelled"
            self.balance += order.credits
        if order is None or order.status not in {"paid", "paid_late"}:
            return OrderOutcome(status="cancelled")
        return OrderOutcome(status="paid", paid_at=order.paid_at)

    async def capture(self, order_id: str) -> Any:
        order = self.orders[order_id]
        if order.status == "authorized" and not self.refuses_capture:
            order.status = "paid"
        if order.status != "paid":
            return problem(409, "not_authorized")
        return OrderOutcome(status="paid", paid_at=order.paid_at)

    async def retake(self, order_id: str) -> Any:
        order = self.orders[order_id]
        if order.status == "paid_late":
            if order.credits > self.balance:
                return problem(409, "insufficient_credits")
            self.balance -= order.credits
            order.status = "paid"
        return OrderOutcome(status="paid")

    async def refund(self, order_id: str, body: RefundRequest) -> Any:
        order = self.orders[order_id]
        if body.cancels and order.total == 0 and (body.amount is None or body.amount.amount >= order.funded > 0):
            self.sessions, order.funded = (self.sessions or 0) + 1, 0
        if body.cancels and order.total == 0:
            return RefundAnswer(refund=self.tenders(order, 0))
        if body.refund_id not in order.refunds:
            self.reasons.append(body.reason)
            left = order.total - order.refunded
            named = sum(line.amount.amount for line in body.lines) if body.lines else None
            asked = body.amount.amount if body.amount is not None else named
            amount = left if asked is None else min(asked, left)
            self.refunded_lines.append([(line.line_id, line.amount.amount) for line in body.lines or ()])
            if left == 0 and asked != 0:
                return problem(409, "nothing_to_refund")
            order.refunded += amount
            order.refunds[body.refund_id] = self.tenders(order, amount)
        return RefundAnswer(refund=order.refunds[body.refund_id])

    async def preview(self, order_id: str, amount: int) -> RefundAnswer:
        order = self.orders[order_id]
        return RefundAnswer(refund=self.tenders(order, min(amount, order.total)))

    def tenders(self, order: Ledger, amount: int) -> RefundSplit:
        card, credits = split(amount, [order.total - order.credits, order.credits])
        return RefundSplit(card=money(card), credits=money(credits))

    def card_succeeds(self, order_id: str, at: datetime) -> None:
        """Stripe says that the card was charged, whatever was believed about the order."""
        order = self.orders[order_id]
        order.paid_at = order.paid_at or at
        order.status = "paid" if order.status == "open" else "paid_late"


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def money(amount: int) -> Money:
    return Money(amount, "USD")
