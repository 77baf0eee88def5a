"""Checkouts, each with its booking."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.checkout.models import Checkout
from services.booking.checkout.saga import COMMANDS, State
from shared.concurrency.back_off import BackOff
from shared.database.repository import Repository, found
from shared.database.session import table_of, values_of
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now
from shared.work.attempts import claim

CONCURRENCY = 8
BACK_OFF = BackOff(2.0, 60.0)


class Checkouts(Repository):
    """`lock` takes the row locks of booking and checkout, under which their states change."""

    async def find(self, booking_id: UUID, *, lock: bool = False, skip_locked: bool = False) -> Checkout | None:
        """The booking's checkout; with `skip_locked` None also while another transaction has its lock."""
        if lock and not skip_locked:
            return await self._locked(booking_id)
        statement = BY_ID.with_for_update(of=(Booking, Checkout), skip_locked=True, key_share=True) if lock else BY_ID
        asked = statement.execution_options(populate_existing=lock)
        return (await self.session.execute(asked, {"booking_id": booking_id})).scalar_one_or_none()

    async def get(self, booking_id: UUID, *, lock: bool = False) -> Checkout:
        """The booking's checkout; raises NotFound."""
        return found(await self.find(booking_id, lock=lock))

    async def add(self, checkout: Checkout) -> None:
        """Stores a new checkout; later changes of this object are not."""
        await self.session.run(ADD, values_of(checkout))

    async def remove(self, checkout: Checkout) -> None:
        """Deletes the checkout and its booking."""
        await self.session.delete(checkout)
        await self.session.delete(checkout.booking)

    async def open_by_state(self) -> dict[State, tuple[int, datetime]]:
        """How many are not final and when the oldest was booked, by state; both queries are short at any size."""
        found: dict[State, tuple[int, datetime]] = {}
        columns = select(Checkout.state, func.count(), func.min(Booking.created_at)).group_by(Checkout.state)
        joined = columns.join(Checkout.booking)
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

    async def _locked(self, booking_id: UUID) -> Checkout | None:
        row = await self.session.first(LOCKED, {"booking_id": booking_id})
        if row is None:
            return None
        booking = self.session.adopt(Booking, dict(zip(BOOKING_NAMES, row, strict=False)))
        checkout = self.session.adopt(Checkout, dict(zip(CHECKOUT_NAMES, row[len(BOOKING_NAMES) :], strict=True)))
        set_committed_value(checkout, "booking", booking)
        return checkout


BY_ID = (
    select(Checkout)
    .join(Checkout.booking)
    .where(Checkout.booking_id == bindparam("booking_id"))
    .options(contains_eager(Checkout.booking))
)
BOOKING, CHECKOUT = table_of(Booking), table_of(Checkout)
BOOKING_NAMES, CHECKOUT_NAMES = BOOKING.columns.keys(), CHECKOUT.columns.keys()
# Of booking and checkout both: a row that is only joined would be read as it was before the wait for the lock.
# key_share: a row that refers to the booking may be written meanwhile, else noting a refund deadlocks.
# This one and ADD run in every checkout, ANY_DUE twice a second: `benchmarks/checkouts.py`.
LOCKED = CompiledStatement(
    select(BOOKING, *(column.label(f"checkout_{column.key}") for column in CHECKOUT.columns))
    .join(CHECKOUT, CHECKOUT.c.booking_id == BOOKING.c.id)
    .where(BOOKING.c.id == bindparam("booking_id"))
    .with_for_update(of=(BOOKING, CHECKOUT), key_share=True)
)
ADD = CompiledStatement(insert(CHECKOUT))
ANY_DUE = CompiledStatement(
    select(CHECKOUT.c.booking_id)
    .where(or_(*(CHECKOUT.c.state == state for state in COMMANDS)), CHECKOUT.c.next_try_at <= bindparam("now"))
    .limit(1)
)
