"""SQL of orders. Who may see what is decided here, so that no caller can forget."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.holds.repository import is_held
from services.payments.orders.domain import EARNS_AT_PAYMENT, UNPAID, OrderKind, OrderStatus, Outcome, Saving, Terms
from services.payments.orders.errors import OrderClosed
from services.payments.orders.models import EarnedLine, Order, OrderLine, PaymentAttempt
from services.payments.stripe.domain import Intent
from services.payments.subscriptions.models import Period
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.search import says
from shared.database.session import table_of
from shared.database.statements import CompiledStatement
from shared.errors import NotFound
from shared.records.clock import machine_now

# How long after the last news an intent is asked for; webhooks are what normally tells.
RECHECK_AFTER = timedelta(seconds=60)
# Where nothing has changed there is no hurry.
UNCHANGED_RECHECK_AFTER = timedelta(minutes=5)
# A card stays authorised for days.
AUTHORIZED_RECHECK_AFTER = timedelta(hours=1)
# How long booking, which closes its orders at their expiry, is given before payments does it.
CLOSING_GRACE = timedelta(minutes=1)
LIST = ListOf(Order, {"created_at": Order.created_at}, last=Order.id, search=partial(says, Order.title))


Rates = Mapping[UUID | None, Decimal]
"""The commission rate of each practitioner."""


class Orders(Repository):
    """What clients owe, and have paid."""

    async def find(self, order_id: UUID, *, lock: bool = False) -> Order | None:
        """The order as it is now, whoever owns it."""
        if lock:
            return await self.session.one_of(Order, BY_ID_LOCKED, {"order_id": order_id})
        return await self.session.scalar(BY_ID, {"order_id": order_id})

    async def get(self, order_id: UUID, *, lock: bool = False) -> Order:
        """As `find`, and NotFound where there is none."""
        return found(await self.find(order_id, lock=lock))

    async def of_charge(self, charge_id: str) -> Order | None:
        """The order that this charge paid, or None."""
        return await self.session.scalar(select(Order).where(Order.charge_id == charge_id))

    async def of_intent(self, intent_id: str) -> Order | None:
        """The order that this intent pays, or None."""
        return await self.session.scalar(select(Order).where(Order.intent_id == intent_id))

    async def visible_to(self, caller: Caller, order_id: UUID) -> Order:
        """The order, for its client and for staff; NotFound for all others."""
        order = await self.get(order_id)
        if order.kind is OrderKind.TOMBSTONE or (
            order.client_id != caller.user_id and not caller.may(Permission.READ_ORDERS)
        ):
            raise NotFound
        return order

    async def owned_by(self, caller: Caller, order_id: UUID, *, lock: bool = False) -> Order:
        """The order, for its client alone: nobody pays for another."""
        order = await self.get(order_id, lock=lock)
        if order.client_id != caller.user_id:
            raise NotFound
        return order

    async def add(self, order_id: UUID, terms: Terms) -> Order | None:
        """Writes an open order on which a card has to pay everything; None where the id is taken already."""
        values = {
            "id": order_id,
            "kind": terms.kind,
            "booking_id": terms.common("booking_id"),
            "client_id": terms.client_id,
            "practitioner_id": terms.common("practitioner_id"),
            "subject_id": terms.common("subject_id"),
            "title": terms.title,
            "currency": terms.currency,
            "total": terms.total.amount,
            "discount": terms.discount,
            "credits_applied": 0,
            "refunded_card": 0,
            "refunded_credits": 0,
            "disputed": 0,
            "amount_due": terms.total.amount,
            "capture": terms.capture,
            "status": OrderStatus.CANCELLED if terms.kind is OrderKind.TOMBSTONE else OrderStatus.OPEN,
            "saving": terms.saving,
            "saves_card": terms.saving is Saving.ALWAYS,
            "attempts": 0,
            "cancel_attempts": 0,
            "watched": False,
            "expires_at": terms.expires_at,
            "created_at": self.session.now(),
            "check_at": machine_now() + RECHECK_AFTER,
            "tries": 0,
        }
        return await self.session.one_of(Order, ADD, values)

    async def start_attempt(self, order_id: UUID, client_id: UUID) -> Order | None:
        """Counts one more try to pay and locks the order, if this client may still pay it now; else None."""
        asked = {"order_id": order_id, "client": client_id, "now": self.session.now()}
        return await self.session.one_of(Order, COUNT_ATTEMPT, asked)

    async def keep_intent(self, order_id: UUID, intent: Intent) -> Order:
        """Notes which intent is the order's, and whose, and answers the order as it is now: it may have been closed."""
        values = {
            "order_id": order_id,
            "intent_id": intent.id,
            "client_secret": intent.client_secret,
            "stripe_customer_id": intent.customer_id,
            "intent_status": intent.status,
            "watched": not intent.status.final,
            "check_at": machine_now() + RECHECK_AFTER,
        }
        order = await self.session.one_of(Order, NOTE_INTENT, values)
        return order or await self.get(order_id)

    async def note_customer(self, order_id: UUID, stripe_customer_id: str) -> None:
        """Notes as whose Stripe knows the order's intent."""
        mine = update(Order).where(Order.id == order_id)
        await self.session.execute(mine.values(stripe_customer_id=stripe_customer_id))

    async def is_settled(self, intent_id: str) -> bool:
        """Whether we know an order of this intent on which the intent can change nothing any more."""
        return bool(await self.session.run(SETTLED, {"intent_id": intent_id}))

    async def due_for_reconciliation(self, limit: int) -> Sequence[Order]:
        """Orders whose intent may have changed without our hearing of it, or whose closing was interrupted."""
        watched = select(Order).where(Order.watched, Order.check_at < machine_now(), _may_be_tried())
        return (await self.session.scalars(watched.order_by(Order.check_at).limit(limit))).all()

    async def overdue(self, limit: int) -> list[UUID]:
        """Unpaid orders to be closed now: purchases that have expired, and bookings that did so a minute ago.

        Of those that are authorised only what credits alone pay: a card's authorisation ends at Stripe. An order whose
        closing failed has its turn again after a pause.
        """
        now = self.session.now()
        over = Order.expires_at <= case((Order.kind == OrderKind.CREDITS, now), else_=now - CLOSING_GRACE)
        ours = or_(Order.status == OrderStatus.OPEN, Order.amount_due == 0)
        billed = exists().where(Period.order_id == Order.id)  # billing closes these, once their last try is over
        unpaid = select(Order.id).where(Order.status.in_(UNPAID), ours, over, ~billed, _may_be_tried())
        return list(await self.session.scalars(unpaid.order_by(Order.check_at).limit(limit)))

    async def list(
        self, caller: Caller, page: Page, status: OrderStatus | None, kind: OrderKind | None
    ) -> Found[Order]:
        """The client's own orders, newest first unless asked otherwise, and how many; `search` looks into titles."""
        mine = select(Order).where(Order.client_id == caller.user_id, Order.kind != OrderKind.TOMBSTONE)
        return await LIST.page(self.session, mine.where(*given({Order.status: status, Order.kind: kind})), page)


class OrderLines(Repository):
    """What orders sell."""

    async def add(self, order: Order, terms: Terms, rates: Rates, hold_hours: int) -> None:
        """Writes the lines at the rates of this moment; OrderClosed where another order's line has the id of one."""
        rows = [
            {
                "id": line.id,
                "order_id": order.id,
                "position": position,
                "practitioner_id": line.practitioner_id,
                "booking_id": line.booking_id,
                "pass_session_id": line.pass_session_id,
                "subject_id": line.subject_id,
                "description": line.description,
                "gross": line.gross,
                "refunded": 0,
                "funded": line.funded,
                "commission_rate": rates[line.practitioner_id],
                "releases": [(part.percent, part.on.value) for part in terms.releases_of(line)],
                "hold_hours": hold_hours,
                "created_at": self.session.now(),
            }
            for position, line in enumerate(terms.lines)
        ]
        if len(await self.session.run_many(ADD_LINE, rows)) < len(rows):
            raise OrderClosed("A line of another order has the id of one of this order's lines.")

    async def of_order(self, order_id: UUID) -> Sequence[OrderLine]:
        """The order's lines, in their order."""
        chosen = select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.position)
        return (await self.session.scalars(chosen.execution_options(populate_existing=True))).all()

    async def sellers(self, order_id: UUID) -> Sequence[UUID]:
        """The practitioners who sell in the order, by id."""
        seller = OrderLine.practitioner_id
        sellers = select(seller).where(OrderLine.order_id == order_id, seller.is_not(None)).distinct().order_by(seller)
        return [each for each in await self.session.scalars(sellers) if each is not None]

    async def named(self, line_ids: Collection[UUID]) -> Sequence[OrderLine]:
        """Those of these lines that there are, of whichever orders."""
        return (await self.session.scalars(select(OrderLine).where(OrderLine.id.in_(line_ids)))).all()

    async def earn(self, order_id: UUID) -> list[EarnedLine]:
        """The order's lines whose money is earned from now on; none where it was before."""
        rows = await self.session.run(EARN, {"of_order": order_id, "earned_at": self.session.now()})
        earned = [_earned_line(**row._asdict()) for row in rows]
        return sorted(earned, key=lambda each: each.line.position)

    async def kept_since(self, practitioner_id: UUID, since: datetime) -> int:
        """What is kept of the practitioner's bookings paid since then, minor units: less refunds, and less disputes.

        A dispute counts while the client's bank has the money (open, or lost): each line's share of it.
        """
        disputed = Order.disputed * OrderLine.gross // func.greatest(Order.total, 1, type_=BigInteger())
        funded = OrderLine.funded - OrderLine.unfunded
        kept = func.greatest(OrderLine.gross - OrderLine.refunded + funded - disputed, 0)
        lines = select(func.coalesce(func.sum(kept), 0)).select_from(OrderLine)
        mine = lines.join(Order, Order.id == OrderLine.order_id)
        paid = mine.where(
            OrderLine.practitioner_id == practitioner_id,
            Order.kind.not_in(EARNS_AT_PAYMENT),
            Order.status == OrderStatus.PAID,
            Order.paid_at >= since,
        )
        return int(await self.session.scalar(paid) or 0)


def _earned_line(is_held: bool, **columns: Any) -> EarnedLine:
    return EarnedLine(OrderLine(**columns), is_held)


class Attempts(Repository):
    """Tries to pay."""

    async def add(self, attempt_id: UUID, order: Order, payment_method: str) -> None:
        """Notes the try before Stripe is asked; the same try again changes nothing."""
        values = {
            "id": attempt_id,
            "order_id": order.id,
            "number": order.attempts,
            "payment_method": payment_method,
            "created_at": self.session.now(),
        }
        await self.session.run(ADD_ATTEMPT, values)

    async def conclude(self, attempt_id: UUID, outcome: Outcome, code: str | None) -> None:
        """Notes what Stripe answered."""
        await self.session.run(CONCLUDE_ATTEMPT, {"attempt_id": attempt_id, "outcome": outcome, "code": code})


def _may_be_tried() -> ColumnElement[bool]:
    """The last try did not fail, or the pause after it is over."""
    return or_(Order.next_try_at.is_(None), Order.next_try_at <= machine_now())


ORDER, LINE, ATTEMPT = table_of(Order), table_of(OrderLine), table_of(PaymentAttempt)
BY_ID = select(Order).where(Order.id == bindparam("order_id"))
# These run in every checkout: compiled for benchmarks/checkouts.py.
BY_ID_LOCKED = CompiledStatement(
    select(ORDER).where(ORDER.c.id == bindparam("order_id")).with_for_update(key_share=True)
)
ADD = CompiledStatement(insert(ORDER).on_conflict_do_nothing().returning(ORDER))
COUNT_ATTEMPT = CompiledStatement(
    update(ORDER)
    .where(
        ORDER.c.id == bindparam("order_id"),
        ORDER.c.client_id == bindparam("client"),
        ORDER.c.status == OrderStatus.OPEN,
        ORDER.c.closing_at.is_(None),
        ORDER.c.expires_at > bindparam("now"),
    )
    .values(attempts=ORDER.c.attempts + 1)
    .returning(ORDER)
)
NOTE_INTENT = CompiledStatement(
    update(ORDER).where(ORDER.c.id == bindparam("order_id"), ORDER.c.intent_id.is_(None)).returning(ORDER)
)
SETTLED = CompiledStatement(
    select(ORDER.c.id).where(ORDER.c.intent_id == bindparam("intent_id"), ORDER.c.watched.is_(False))
)
ADD_ATTEMPT = CompiledStatement(insert(ATTEMPT).on_conflict_do_nothing(index_elements=["id"]))
CONCLUDE_ATTEMPT = CompiledStatement(update(ATTEMPT).where(ATTEMPT.c.id == bindparam("attempt_id")))
ADD_LINE = CompiledStatement(insert(LINE).on_conflict_do_nothing().returning(LINE.c.id))
EARN = CompiledStatement(
    update(LINE)
    .where(LINE.c.order_id == bindparam("of_order"), LINE.c.earned_at.is_(None))
    .returning(LINE, is_held(LINE.c.id).label("is_held"))
)
