"""What follows from the events of sessions: the practitioner is notified, and frames for all sides of a cancelled one.

Each client is notified of the booking, by its own event.
"""

from datetime import datetime
from uuid import UUID

from services.notifications.booking_events.schemas import SessionFrame
from services.notifications.handlers import Handlers
from services.notifications.live.models import StoredFrame
from services.notifications.live.service import BOOKING_UPDATES
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from shared.database.session import Session
from shared.events.booking import BookingCancelled
from shared.events.sessions import SeriesDateLeftOut, SessionCancelled
from shared.records.ids import new_id
from shared.records.times import render_utc


async def session_cancelled(runtime: NotifyRuntime, session: Session, event: SessionCancelled) -> None:
    """One notification for all sessions that were cancelled together, a frame for each."""
    cancelled, together = event.session, event.cancelled_together
    item = Notification(
        user_id=cancelled.practitioner_user_id,
        topic=Topic.BOOKINGS,
        type="session.cancelled",
        template="session.cancelled" if together == 1 else "session.cancelled/series",
        cause=f"session.cancelled:{event.cancellation_id}",
        params={
            "service": cancelled.service_title,
            "start": render_utc(cancelled.start_time),
            "dates": str(together),
        },
        data={"session_id": str(cancelled.id)},
        timezone=cancelled.timezone,
    )
    data = SessionFrame(
        session_id=cancelled.id,
        service_id=cancelled.service_id,
        service_title=cancelled.service_title,
        start_time=cancelled.start_time,
        end_time=cancelled.end_time,
        booking_id=None,
    )
    await notify(runtime, session, [item], [_frame(cancelled.practitioner_user_id, data, event.occurred_at)])


async def series_date_left_out(runtime: NotifyRuntime, session: Session, event: SeriesDateLeftOut) -> None:
    """The practitioner alone knows of a date that was never announced."""
    start = render_utc(event.start_time)
    item = Notification(
        user_id=event.practitioner_user_id,
        topic=Topic.BOOKINGS,
        type="session.left_out",
        template="session.left_out",
        cause=f"session.left_out:{event.series_id}:{start}",
        params={"service": event.service_title, "start": start},
        data={"series_id": str(event.series_id), "service_id": str(event.service_id), "start_time": start},
        timezone=event.timezone,
    )
    await notify(runtime, session, [item])


def frame_to_client(event: BookingCancelled, session_id: UUID) -> StoredFrame:
    """Says to the client that the session does not take place."""
    booking = event.booking
    data = SessionFrame(
        session_id=session_id,
        service_id=booking.service_id,
        service_title=booking.service_title,
        start_time=booking.start_time,
        end_time=booking.end_time,
        booking_id=booking.id,
    )
    return _frame(booking.client_id, data, event.occurred_at)


def _frame(user_id: UUID, data: SessionFrame, at: datetime) -> StoredFrame:
    return StoredFrame(
        id=new_id(),
        user_id=user_id,
        channel=BOOKING_UPDATES,
        cause=f"session.cancelled:{data.session_id}:{data.booking_id}",
        type="session.cancelled",
        data=data.model_dump(mode="json"),
        created_at=at,
    )


CONSUMERS: Handlers = {SessionCancelled: session_cancelled, SeriesDateLeftOut: series_date_left_out}
