"""Certificates over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.certificates import service
from services.booking.certificates.errors import NotEarned
from services.booking.certificates.schemas import CertificateView
from shared.errors import NotFound
from shared.web.http import Route, SessionDep, Signed, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])


@router.get("/bookings/{booking_id}/certificate/", responses=errors_of(NotFound, NotEarned))
async def get_certificate(booking_id: UUID, caller: Signed, session: SessionDep) -> CertificateView:
    """The certificate of a course that one has attended."""
    return await service.get_certificate(session, caller, booking_id)
