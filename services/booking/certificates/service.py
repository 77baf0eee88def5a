"""Issuing certificates when the last session of a course is marked, and showing them."""

from uuid import UUID

from services.booking.bookings.domain import BookingKind
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.certificates.errors import NotEarned
from services.booking.certificates.repository import Certificates
from services.booking.certificates.schemas import CertificateView
from services.booking.service_copies.repository import BookableServices
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.booking import CertificateIssued
from shared.messaging.outbox import emit


async def issue_if_earned(session: Session, part: Booking) -> None:
    """After a mark of one session, whose booking is locked: issues the certificate of its course, once.

    Its enrolment is locked too, so that of two last marks at one moment the later one sees both.
    """
    if part.kind is not BookingKind.COURSE or part.parent_id is None:
        return
    service = await BookableServices(session).find(part.service_id)
    if service is None or service.certificate_percent is None:
        return
    await session.flush()
    enrolment = await Bookings(session).get(part.parent_id, lock=True)
    attendance = await Certificates(session).attendance_of(enrolment.id)
    if not attendance.earns(service.certificate_percent):
        return
    issued = await Certificates(session).issue(enrolment.id, service.certificate_percent)
    if issued is not None:
        about = {"booking_id": enrolment.id, "service_id": enrolment.service_id, "client_id": enrolment.client_id}
        emit(session, CertificateIssued(**about, number=issued.number))


async def get_certificate(session: Session, caller: Caller, booking_id: UUID) -> CertificateView:
    """The certificate of one's own enrolment; raises NotEarned also where a mark was changed since."""
    booking = await Bookings(session).get_of_client(booking_id, caller)
    certificate = await Certificates(session).find(booking.id)
    if certificate is None:
        raise NotEarned
    attendance = await Certificates(session).attendance_of(booking.id)
    if not attendance.earns(certificate.percent):
        raise NotEarned
    return CertificateView(
        number=certificate.number,
        issued_at=certificate.issued_at,
        title=booking.service_title,
        attended=attendance.attended,
        sessions=attendance.sessions,
    )
