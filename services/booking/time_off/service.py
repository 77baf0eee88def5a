"""Taking time off, and coming back from it."""

from uuid import UUID

from services.booking.service_copies.repository import BookableServices
from services.booking.time_off.models import TimeOff
from services.booking.time_off.repository import TimesOff
from services.booking.time_off.schemas import TimeOffBody, TimeOffView
from shared.database.listing import Found, Page
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.ids import new_id


async def take_time_off(session: Session, practitioner_id: UUID, wanted: TimeOffBody) -> TimeOffView:
    """Closes that time in every schedule. Answers the bookings in it, which stay as they are."""
    times = TimesOff(session)
    await BookableServices(session).lock_all_of(practitioner_id)  # a seat taken meanwhile would not see it
    own = {"id": new_id(), "practitioner_id": practitioner_id, "created_at": session.now()}
    off = TimeOff(**own, start_time=wanted.start_time, end_time=wanted.end_time, note=wanted.note)
    await times.add(off)
    return TimeOffView.of(off, (await times.conflicts([off.id])).get(off.id, []))


async def list_time_off(session: Session, practitioner_id: UUID, page: Page) -> Found[TimeOffView]:
    """One's own time off, each with the bookings in it."""
    rows, total = await TimesOff(session).list(practitioner_id, page)
    conflicts = await TimesOff(session).conflicts([off.id for off in rows])
    return [TimeOffView.of(off, conflicts.get(off.id, [])) for off in rows], total


async def end_time_off(session: Session, practitioner_id: UUID, time_off_id: UUID) -> None:
    """Opens that time again; raises NotFound for what is not one's own."""
    if not await TimesOff(session).remove(practitioner_id, time_off_id):
        raise NotFound
