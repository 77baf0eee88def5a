"""Taking the seats of a purchase, in order of time."""

from dataclasses import dataclass
from datetime import timedelta

from services.booking.bookings.domain import BookingKind, new_check_in_code
from services.booking.bookings.models import Booking
from services.booking.calendars.announced import seat_at
from services.booking.calendars.errors import LocationMissing, LocationNotOffered, StartNotOffered
from services.booking.calendars.repository import ServiceWithHours
from services.booking.calendars.seats import take_seat
from services.booking.holds.plans import Plan, PlannedSeat
from services.booking.holds.repository import Buffers
from services.booking.peers import line_id_of
from services.booking.schedules.starts import refusal
from services.booking.sessions.errors import SessionLimitReached, SlotTaken
from services.booking.sessions.repository import Seat
from shared.database.session import Session, values_of
from shared.errors import Conflict, FieldError
from shared.records.ids import new_id

ASKED_BY = {BookingKind.GROUP: "attendees", BookingKind.COURSE: "service_id"}
"""The field that asks for all seats of what is no series."""
FEWEST = 2
"""Seats that make a series."""


@dataclass(frozen=True)
class Taking:
    """The seats of one purchase. `head` is its only booking, or the parent that its seats are children of."""

    session: Session
    bookable: ServiceWithHours
    head: Booking
    buffers: Buffers

    async def alone(self, plan: Plan) -> Booking:
        """The only seat; raises SlotTaken, SessionLimitReached."""
        self.head.attendee = plan.seats[0].attendee
        await self._take(self.head)
        return self.head

    async def several(self, plan: Plan) -> list[Booking]:
        """The children that have a seat, then the parent; raises SlotTaken, which says for which seats of a series."""
        taken: list[Booking] = []
        missing: list[FieldError] = []
        for number, seat in enumerate(plan.seats):
            why = await self._add(seat, taken)
            if why is not None:
                field = f"repeat.{number}" if plan.kind is BookingKind.SERIES else ASKED_BY[plan.kind]
                missing.append(FieldError(field=field, message=why.detail, code=why.code))
        if missing and (not plan.skips or len(taken) < FEWEST):
            raise SlotTaken(errors=missing)
        self._sum_up(taken)
        return [*taken, self.head]

    async def _add(self, seat: PlannedSeat, taken: list[Booking]) -> Conflict | None:
        """Takes one more seat, where the first is; answers why it is not to be had."""
        if seat.start is None or not self._is_offered(seat):
            return SlotTaken("The service does not offer this start.")
        child = self._child(seat)
        try:
            await self._take(child, seat.seat)
        except (SlotTaken, SessionLimitReached) as error:
            return error
        except (LocationNotOffered, LocationMissing, StartNotOffered) as error:
            if not taken:
                raise
            return SlotTaken(error.detail)
        taken.append(child)
        self.head.location_id = child.location_id
        return None

    async def _take(self, booking: Booking, seat: Seat | None = None) -> None:
        if seat is None:
            duration = self.bookable.service.rules.duration
            seat = await seat_at(self.session, self.bookable, booking.start_time, duration, booking.location_id)
        booking.end_time, booking.location_id = seat.end, seat.location_id
        booking.session_id = await take_seat(self.session, seat.with_buffers(*self.buffers), booking.id)
        if booking.session_id is None:
            raise SlotTaken

    def _is_offered(self, seat: PlannedSeat) -> bool:
        """The first start was judged before; notice and horizon do not bind later ones, nor hours a course."""
        if seat.seat is not None or seat.start is None or seat.start == self.head.start_time:
            return True
        rules = self.bookable.service.rules
        return refusal(self.bookable.hours, rules, seat.start, seat.start - max(rules.notice, timedelta(1))) is None

    def _child(self, seat: PlannedSeat) -> Booking:
        child = Booking(**values_of(self.head))
        child.id, child.parent_id, child.order_id = new_id(), self.head.id, None
        child.line_id, child.check_in_code = line_id_of(child.id), new_check_in_code()
        assert seat.start is not None
        child.start_time, child.end_time = seat.start, seat.start + self.bookable.service.rules.duration
        child.total_amount, child.attendee = seat.price, seat.attendee
        return child

    def _sum_up(self, children: list[Booking]) -> None:
        """The parent has no seat, no line and no code: its children have."""
        head = self.head
        head.check_in_code = head.line_id = None
        head.total_amount = sum(child.total_amount for child in children)
        head.start_time, head.end_time = children[0].start_time, max(child.end_time for child in children)
