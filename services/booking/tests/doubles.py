"""Small doubles of catalog, identity and payments that speak the internal contract."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from shared.events.catalog import ServiceSnapshot
from shared.records.money import split


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
