"""An offered seat: its client is notified once, by mail only while the offer lasts, and sees it on the socket."""

from datetime import UTC, datetime, timedelta

from devtools.testing.delivery import deliver_twice
from services.notifications.channels.mail.models import Mail
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from services.notifications.tests.test_booking_events import rows
from shared.events.booking import SeatOffered
from shared.records.ids import new_id

START = datetime(2026, 12, 7, 14, tzinfo=UTC)


async def test_the_client_is_notified_and_sees_a_frame(app, client_id, seller_id):
    event = SeatOffered(
        entry_id=new_id(),
        user_id=client_id,
        service_id=new_id(),
        service_title="Quiet yoga",
        practitioner_user_id=seller_id,
        timezone="Europe/Berlin",
        start_time=START,
        expires_at=START - timedelta(days=1),
    )
    await deliver_twice(app, event)
    [notification], [mail] = await rows(app, StoredNotification), await rows(app, Mail)
    assert (notification.type, notification.data) == ("waitlist.offered", {"entry_id": str(event.entry_id)})
    assert "until Sunday 6 December 2026, 09:00 (America/New_York)" in notification.body
    assert mail.useful_until == event.expires_at
    [frame] = [each for each in await rows(app, StoredFrame) if each.channel == "booking-updates"]
    assert (frame.type, frame.user_id) == ("waitlist.offered", client_id)
    assert frame.data == {
        "id": str(event.entry_id),
        "service_id": str(event.service_id),
        "service_title": "Quiet yoga",
        "start_time": "2026-12-07T14:00:00Z",
        "position": None,
        "status": "offered",
        "offer_expires_at": "2026-12-06T14:00:00Z",
        "booking_id": None,
    }
