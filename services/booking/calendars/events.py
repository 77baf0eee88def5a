"""A session as it goes into events."""

from services.booking.calendars.repository import ServiceWithHours
from services.booking.sessions.models import CalendarSession
from shared.events.sessions import SessionSnapshot


def session_snapshot_of(session: CalendarSession, bookable: ServiceWithHours) -> SessionSnapshot:
    """The session as it stands in this transaction."""
    service = bookable.service
    return SessionSnapshot(
        id=session.id,
        practitioner_id=session.practitioner_id,
        practitioner_user_id=service.practitioner_user_id,
        service_id=session.service_id,
        service_title=service.title,
        start_time=session.start_time,
        end_time=session.end_time,
        timezone=bookable.hours.timezone,
        announced=session.announced,
        series_id=session.series_id,
    )
