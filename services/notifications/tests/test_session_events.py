from datetime import UTC, datetime, timedelta
from typing import Any

from devtools.testing.delivery import deliver, deliver_twice
from services.notifications.channels.mail.models import Mail
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from services.notifications.tests.test_booking_events import cancelled, notified, rows
from shared.events.booking import BookingConfirmed
from shared.events.sessions import SeriesDateLeftOut, SessionCancelled, SessionSnapshot
from shared.records.ids import new_id

START = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)


def snapshot(seller_id: Any, session_id: Any = None, start: datetime = START) -> SessionSnapshot:
    return SessionSnapshot(
        id=session_id or new_id(),
        practitioner_id=new_id(),
        practitioner_user_id=seller_id,
        service_id=new_id(),
        service_title="Quiet yoga",
        start_time=start,
        end_time=start + timedelta(hours=1),
        timezone="Europe/Berlin",
        announced=True,
        series_id=new_id(),
    )


async def test_a_cancelled_session_is_one_notification_to_each_side_and_a_frame(app, booking, client_id, seller_id):
    await deliver(app, BookingConfirmed(booking=booking()))
    before = {row.id for row in await rows(app, StoredNotification)}
    session_id = new_id()
    together = {"cancellation_id": new_id(), "cancelled_together": 1, "cancelled_at": START}
    await deliver_twice(app, SessionCancelled(session=snapshot(seller_id, session_id), **together))
    of_booking = cancelled(booking()).model_copy(
        update={"cancelled_by": "practitioner", "cancelled_session_id": session_id}
    )
    await deliver_twice(app, of_booking)
    new = [row for row in await rows(app, StoredNotification) if row.id not in before]
    assert notified(new) == {client_id: ["booking.cancelled"], seller_id: ["session.cancelled"]}
    assert "Monday 7 December 2026, 15:00 (Europe/Berlin)" in next(row.body for row in new if row.user_id == seller_id)
    frames = [row for row in await rows(app, StoredFrame) if row.type == "session.cancelled"]
    assert {row.user_id: row.data["booking_id"] for row in frames} == {client_id: str(booking().id), seller_id: None}
    assert {row.data["session_id"] for row in frames} == {str(session_id)}


async def test_a_series_that_is_cancelled_is_one_notification_and_one_mail(app, seller_id):
    together = {"cancellation_id": new_id(), "cancelled_together": 3, "cancelled_at": START}
    for week in range(3):
        await deliver(app, SessionCancelled(session=snapshot(seller_id, start=START + week * timedelta(7)), **together))
    [notification], [mail] = await rows(app, StoredNotification), await rows(app, Mail)
    assert notification.body.startswith("3 sessions of Quiet yoga were cancelled")
    assert (mail.user_id, len(await rows(app, StoredFrame))) == (seller_id, 4)


async def test_a_date_that_is_left_out_is_said_to_its_practitioner_once(app, seller_id):
    event = SeriesDateLeftOut(
        series_id=new_id(), practitioner_id=new_id(), practitioner_user_id=seller_id, service_id=new_id(),
        service_title="Quiet yoga", start_time=START, timezone="UTC",
    )  # fmt: skip
    await deliver_twice(app, event)
    await deliver(app, event)
    [notification], [_] = await rows(app, StoredNotification), await rows(app, Mail)
    assert notification.type == "session.left_out"
    assert "no date on Monday 7 December 2026, 15:00 (Europe/Berlin)" in notification.body
