"""What both sides of a request are notified of."""

from datetime import timedelta

from devtools.testing.delivery import deliver_twice
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from services.notifications.tests.test_booking_events import NOW, notified, rows
from shared.events.booking import BookingDeclined, BookingExpired, BookingRequested


class TestRequests:
    async def test_both_sides_are_notified_of_a_request_and_its_client_of_the_decision(
        self, app, booking, client_id, seller_id
    ):
        asked = {"status": "requested", "decide_by": NOW + timedelta(hours=48)}
        await deliver_twice(app, BookingRequested(booking=booking(**asked)))
        why = {"cause": "practitioner", "reason": "Away"}
        await deliver_twice(app, BookingDeclined(booking=booking(**asked | {"status": "declined"}), **why))
        stored = await rows(app, StoredNotification)
        assert notified(stored) == {
            client_id: ["booking.requested", "booking.declined"],
            seller_id: ["booking.requested"],
        }
        assert next(each.body for each in stored if each.type == "booking.declined").endswith("Reason: Away")
        frames = await rows(app, StoredFrame)
        kinds = [frame.type for frame in frames if frame.user_id == seller_id and frame.type.startswith("booking.")]
        assert sorted(kinds) == ["booking.declined", "booking.requested"]
        assert {frame.data["decide_by"] for frame in frames if "decide_by" in frame.data} == {"2026-12-03T08:00:00Z"}

    async def test_a_move_is_asked_for_and_declined_by_itself(self, app, booking, client_id, seller_id):
        wanted = NOW + timedelta(days=9)
        asked = {"decide_by": NOW + timedelta(hours=48), "requested_start_time": wanted}
        await deliver_twice(app, BookingRequested(booking=booking(**asked)))
        await deliver_twice(app, BookingDeclined(booking=booking(), cause="slot_taken", requested_start_time=wanted))
        bodies = [each.body for each in await rows(app, StoredNotification) if each.user_id == client_id]
        assert "to move your booking" in bodies[0]
        assert bodies[1].endswith("The time is taken by now.")

    async def test_silence_is_no_unpaid_hold(self, app, booking, client_id):
        silent = booking(status="expired", decide_by=NOW - timedelta(seconds=1))
        await deliver_twice(app, BookingExpired(booking=silent))
        [notification] = await rows(app, StoredNotification)
        assert "did not answer your request" in notification.body
