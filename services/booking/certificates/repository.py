"""Certificates, by enrolment."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.booking.bookings.domain import OVER, RUNNING, random_code
from services.booking.bookings.models import Booking
from services.booking.certificates.domain import CourseAttendance
from services.booking.certificates.models import Certificate
from shared.database.repository import Repository

NUMBER_LENGTH = 12


class Certificates(Repository):
    """What was issued, and what may be."""

    async def find(self, booking_id: UUID) -> Certificate | None:
        """The certificate of that enrolment."""
        return await self.session.get(Certificate, booking_id)

    async def issue(self, booking_id: UUID, percent: int) -> Certificate | None:
        """Gives the enrolment a certificate; None where it has one."""
        row = {"number": random_code(NUMBER_LENGTH), "percent": percent, "issued_at": self.session.now()}
        issued = (
            insert(Certificate)
            .values(booking_id=booking_id, **row)
            .on_conflict_do_nothing(index_elements=["booking_id"])
        )
        return (await self.session.scalars(issued.returning(Certificate))).one_or_none()

    async def attendance_of(self, booking_id: UUID) -> CourseAttendance:
        """How the enrolment stands now; sessions that were cancelled count for nothing."""
        takes_place = Booking.status.in_([*RUNNING, *OVER])
        marks = await self.session.scalars(select(Booking.mark).where(Booking.parent_id == booking_id, takes_place))
        return CourseAttendance.of(marks)
