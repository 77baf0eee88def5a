"""Checkouts, each with its bookings."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.checkout.models import IN_ORDER, Checkout
from services.booking.checkout.saga import COMMANDS, State
from services.booking.passes.models import Pass
from services.booking.passes.repository import Passes
from shared.concurrency.back_off import BackOff
from shared.database.repository import Repository, found
from shared.database.session import table_of, values_of
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now
from shared.work.attempts import claim

CONCURRENCY = 8
BACK_OFF = BackOff(2.0, 60.0)


class Checkouts(Repository):
    """`lock` takes the row locks of bookings and checkout, under which their states change."""

    async def find(self, purchase_id: UUID, *, lock: bool = False, skip_locked: bool = False) -> Checkout | None:
        """The purchase's checkout; with `skip_locked` None also while another transaction has a lock of it."""
        if lock:
            return await self._locked(purchase_id, SKIPPING if skip_locked else LOCKED)
        checkouts = await self.session.execute(BY_ID, {"purchase_id": purchase_id})
        return checkouts.unique().scalar_one_or_none()

    async def get(self, purchase_id: UUID, *, lock: bool = False) -> Checkout:
        """The purchase's checkout; raises NotFound."""
        return found(await self.find(purchase_id, lock=lock))

    async def of(self, booking: Booking) -> Checkout:
        """The checkout of the purchase that the booking is part of."""
        return found(await self.session.get(Checkout, booking.purchase_id))

    async def add(self, checkout: Checkout) -> None:
        """Stores a new checkout; later changes of this object are not."""
        await self.session.run(ADD, values_of(checkout))

    async def remove(self, checkout: Checkout) -> None:
        """Deletes the checkout and its bookings."""
        if checkout.sold_pass is not None:
            await Passes(self.session).remove(checkout.id)
        for booking in checkout.bookings:
            await self.session.delete(booking)
            await self.session.flush()  # children before their parent
        await self.session.execute(delete(Checkout).where(Checkout.id == checkout.id))

    async def open_by_state(self) -> dict[State, tuple[int, datetime]]:
        """How many are not final and when the oldest was booked, by state; both queries are short at any size."""
        found: dict[State, tuple[int, datetime]] = {}
        columns = select(Checkout.state, func.count(), func.min(Booking.created_at)).group_by(Checkout.state)
        joined = columns.join(Booking, Booking.id == Checkout.id)
        for short in (Booking.status == BookingStatus.PENDING_PAYMENT, Checkout.state.in_(COMMANDS)):
            rows = (await self.session.execute(joined.where(short))).all()
            found |= {state: (count, oldest) for state, count, oldest in rows}
        return found

    async def any_due(self) -> bool:
        """Whether `claim` would find any."""
        return bool(await self.session.run(ANY_DUE, {"now": machine_now()}))

    async def claim(self) -> Sequence[Checkout]:
        """Checkouts that wait for payments and are not being tried just now, without their bookings."""
        return await claim(self.session, Checkout, CONCURRENCY, BACK_OFF)

    async def _locked(self, purchase_id: UUID, statement: CompiledStatement) -> Checkout | None:
        rows = await self.session.run(statement, {"purchase_id": purchase_id})
        if not rows:
            return await self._locked_pass(purchase_id, skip_locked=statement is SKIPPING)
        if len(rows) < rows[0].members:  # some are locked elsewhere
            return None
        values = iter(rows[0][len(BOOKING_NAMES) :])
        checkout = self.session.adopt(Checkout, dict(zip(CHECKOUT_NAMES, values, strict=False)))
        bookings = [self.session.adopt(Booking, dict(zip(BOOKING_NAMES, row, strict=False))) for row in rows]
        set_committed_value(checkout, "bookings", bookings)
        sold = None if bookings[-1].id == purchase_id else await Passes(self.session).get(purchase_id, lock=True)
        set_committed_value(checkout, "sold_pass", sold)
        return checkout

    async def _locked_pass(self, purchase_id: UUID, *, skip_locked: bool) -> Checkout | None:
        sold = await Passes(self.session).find(purchase_id, lock=True, skip_locked=skip_locked)
        if sold is None:
            return None
        statement = select(Checkout).where(Checkout.id == purchase_id).with_for_update(skip_locked=skip_locked)
        checkout = await self.session.scalar(statement.execution_options(populate_existing=True))
        if checkout is not None:
            set_committed_value(checkout, "bookings", [])
            set_committed_value(checkout, "sold_pass", sold)
        return checkout


BY_ID = (
    select(Checkout)
    .outerjoin(Checkout.bookings)
    .outerjoin(Checkout.sold_pass)
    .where(Checkout.id == bindparam("purchase_id"))
    .options(contains_eager(Checkout.bookings), contains_eager(Checkout.sold_pass).selectinload(Pass.sessions))
    .order_by(*IN_ORDER)
)
BOOKING, CHECKOUT = table_of(Booking), table_of(Checkout)
OTHER = BOOKING.alias("other")
BOOKING_NAMES, CHECKOUT_NAMES = BOOKING.columns.keys(), CHECKOUT.columns.keys()


def _locking(members: ColumnElement[int], *, skip_locked: bool) -> CompiledStatement:
    """Of bookings and checkout all: a row that is only joined would be read as it was before the wait for the lock.

    key_share: a row that refers to the booking may be written meanwhile, else noting a refund deadlocks.
    """
    return CompiledStatement(
        select(BOOKING, *(column.label(f"checkout_{column.key}") for column in CHECKOUT.columns), members)
        .join(CHECKOUT, CHECKOUT.c.id == BOOKING.c.purchase_id)
        .where(BOOKING.c.purchase_id == bindparam("purchase_id"))
        .order_by(BOOKING.c.parent_id.is_(None), BOOKING.c.start_time, BOOKING.c.id)
        .with_for_update(of=(BOOKING, CHECKOUT), key_share=True, skip_locked=skip_locked)
    )


NO_FEWER = literal(0).label("members")
ALL = select(func.count()).where(OTHER.c.purchase_id == bindparam("purchase_id")).scalar_subquery().label("members")
# LOCKED and ADD run in every checkout, ANY_DUE twice a second: `benchmarks/checkouts.py`.
LOCKED, SKIPPING = _locking(NO_FEWER, skip_locked=False), _locking(ALL, skip_locked=True)
ADD = CompiledStatement(insert(CHECKOUT))
ANY_DUE = CompiledStatement(
    select(CHECKOUT.c.id)
    .where(or_(*(CHECKOUT.c.state == state for state in COMMANDS)), CHECKOUT.c.next_try_at <= bindparam("now"))
    .limit(1)
)
