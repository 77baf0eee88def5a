"""The client of an offer is notified, in time for it alone, and sees it on the socket of bookings."""

from services.notifications.handlers import Handlers
from services.notifications.live.models import StoredFrame
from services.notifications.live.service import BOOKING_UPDATES
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from services.notifications.waitlists.schemas import OfferFrame
from shared.database.session import Session
from shared.events.booking import SeatOffered
from shared.records.ids import new_id
from shared.records.times import render_utc

OFFERED = "waitlist.offered"


async def seat_offered(runtime: NotifyRuntime, session: Session, event: SeatOffered) -> None:
    """By mail only while the offer lasts."""
    await notify(runtime, session, [_notification(event)], [_frame(event)])


def _notification(event: SeatOffered) -> Notification:
    return Notification(
        user_id=event.user_id,
        topic=Topic.BOOKINGS,
        type=OFFERED,
        template=OFFERED,
        cause=_cause(event),
        params={
            "service": event.service_title,
            "start": render_utc(event.start_time),
            "until": render_utc(event.expires_at),
        },
        data={"entry_id": str(event.entry_id)},
        timezone=event.timezone,
        about=event.practitioner_user_id,
        useful_until=event.expires_at,
    )


def _frame(event: SeatOffered) -> StoredFrame:
    return StoredFrame(
        id=new_id(),
        user_id=event.user_id,
        channel=BOOKING_UPDATES,
        cause=_cause(event),
        type=OFFERED,
        data=OfferFrame.of(event).model_dump(mode="json"),
        created_at=event.occurred_at,
    )


def _cause(event: SeatOffered) -> str:
    return f"{OFFERED}:{event.entry_id}"


CONSUMERS: Handlers = {SeatOffered: seat_offered}
