from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from devtools.testing.delivery import deliver, deliver_twice, events_of
from services.notifications.channels.mail.models import Mail
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from services.notifications.people.models import Person
from services.notifications.templates.domain import ZONE
from shared.events.base import Event
from shared.events.booking import (
    BookingCancelled,
    BookingCancelled1,
    BookingCompleted,
    BookingConfirmed,
    BookingExpired,
    BookingNoShow,
    BookingRescheduled,
    BookingStarted,
)
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserUpdated
from shared.events.notifications import NotificationCreated
from shared.events.payments import OrderRefunded, OrderRefundFailed, PayoutFailed, PayoutPaid, PayoutRejected
from shared.records.ids import new_id
from shared.records.money import Money

USD = Money.zero("USD")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


async def rows(app: Any, kind: Any) -> list[Any]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(kind).order_by(kind.id))).all())


def notified(notifications: list[StoredNotification]) -> dict[Any, list[str]]:
    people = {notification.user_id for notification in notifications}
    return {
        user_id: [notification.type for notification in notifications if notification.user_id == user_id]
        for user_id in people
    }


def cancelled(booking: Any) -> BookingCancelled:
    return BookingCancelled(
        booking=booking, cancelled_by="client", reason="I am ill", refund_due=Money(2500, "USD"),
        kept=Money(2500, "USD"), was_confirmed=True, cancelled_at=NOW,
    )  # fmt: skip


def of_client(rows: list[Any], client_id: Any) -> bool:
    """Whether there are any, and all are the client's."""
    return {row.user_id for row in rows} == {client_id}


class TestBookingConfirmed:
    async def test_each_side_gets_one_notification_and_one_mail_with_the_title(
        self, app, booking, client_id, seller_id
    ):
        event = BookingConfirmed(booking=booking())
        await deliver_twice(app, event)
        notifications = await rows(app, StoredNotification)
        assert notified(notifications) == {client_id: ["booking.confirmed"], seller_id: ["booking.confirmed"]}
        assert all(notification.data["booking_id"] == str(event.booking.id) for notification in notifications)
        assert all("Quiet yoga" in notification.title for notification in notifications)
        assert sorted(mail.user_id for mail in await rows(app, Mail)) == sorted([client_id, seller_id])

    async def test_another_event_of_the_same_confirmation_notifies_no_one_again(self, app, booking):
        await deliver(app, BookingConfirmed(booking=booking()))
        await deliver(app, BookingConfirmed(booking=booking()))
        assert (
            len(await rows(app, StoredNotification)),
            len(await rows(app, Mail)),
            len(await rows(app, StoredFrame)),
        ) == (
            2,
            2,
            4,
        )

    async def test_a_notification_tells_the_time_in_the_readers_zone(self, app, booking, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        bodies = {notification.user_id: notification.body for notification in await rows(app, StoredNotification)}
        assert "09:00 (America/New_York)" in bodies.pop(client_id)
        assert "15:00 (Europe/Berlin)" in bodies.popitem()[1]

    async def test_who_named_no_zone_reads_the_booking_s(self, app, booking, client_id):
        named = {"email": "client@example.org", "first_name": "Cleo", "last_name": "Doe", "timezone": None}
        await deliver(app, UserUpdated(user_id=client_id, **named))
        await deliver(app, BookingConfirmed(booking=booking(timezone="Asia/Tokyo")))
        [notification] = [row for row in await rows(app, StoredNotification) if row.user_id == client_id]
        [mail] = [row for row in await rows(app, Mail) if row.user_id == client_id]
        assert "(Asia/Tokyo)" in notification.body
        assert mail.params[ZONE] == "Asia/Tokyo"

    @pytest.mark.parametrize("settings_env", [{"ESTUARY_APP_URL": "https://book.example/"}])
    async def test_the_client_reads_how_long_how_much_and_where(self, app, booking, client_id):
        event = BookingConfirmed(booking=booking())
        await deliver(app, event)
        await deliver(app, BookingConfirmed(booking=booking(id=new_id(), delivery="in_person", total=USD)))
        online, in_person = [
            notification.body
            for notification in await rows(app, StoredNotification)
            if notification.user_id == client_id
        ]
        paid = booking(id=new_id(), total=Money(0, "USD"), value=Money(5000, "USD"))
        await deliver(app, BookingConfirmed(booking=paid))
        bodies = [row.body for row in await rows(app, StoredNotification) if row.user_id == client_id]
        assert "Price: 50.00 USD, paid by a membership" in bodies[2]
        where = f"https://book.example/bookings/{event.booking.id}"
        assert online.endswith(f"Length: 1 hour\nPrice: 50.00 USD\nWhere: {where}")
        assert in_person.endswith("Length: 1 hour\nPrice: free of charge\nWhere: in person")

    async def test_every_notification_is_an_event(self, app, booking):
        await deliver(app, BookingConfirmed(booking=booking()))
        emitted = await events_of(app.state.runtime)
        assert [type(event) for event in emitted] == [NotificationCreated, NotificationCreated]
        assert {event.key for event in emitted} == {
            notification.id for notification in await rows(app, StoredNotification)
        }

    async def test_both_sides_get_a_frame_with_the_booking(self, app, booking, client_id, seller_id):
        event = BookingConfirmed(booking=booking())
        await deliver_twice(app, event)
        frames = [frame for frame in await rows(app, StoredFrame) if frame.channel == "booking-updates"]
        assert {frame.user_id for frame in frames} == {client_id, seller_id}
        assert {frame.type for frame in frames} == {"booking.confirmed"}
        data = {frame.user_id: frame.data for frame in frames}
        assert (data[client_id]["order_id"], data[seller_id]["order_id"]) == (str(event.booking.order_id), None)
        data = data[client_id]
        assert data["id"] == str(event.booking.id)
        assert data["start_time"] == "2026-12-07T14:00:00Z"
        assert data["total"] == {"amount": 5000, "currency": "USD"}
        assert data["payment"] is None


class TestOtherStates:
    @pytest.mark.parametrize(
        ("make", "status", "in_app", "mails"),
        [
            (lambda b: BookingStarted(booking=b), "in_progress", False, 0),
            (lambda b: BookingCompleted(booking=b, completed_at=NOW), "completed", True, 0),
            (lambda b: BookingNoShow(booking=b, completed_at=NOW), "no_show", True, 0),
            (lambda b: BookingExpired(booking=b), "expired", True, 1),
            (cancelled, "cancelled", True, 2),
        ],
    )  # fmt: skip
    async def test_each_state_is_notified_once(self, app, booking, client_id, make, status, in_app, mails):
        await deliver_twice(app, make(booking(status=status)))
        frames = [stored.type for stored in await rows(app, StoredFrame) if stored.channel == "booking-updates"]
        assert frames == [f"booking.{status}"] * (1 if status == "expired" else 2)
        assert notified(await rows(app, StoredNotification)).get(client_id) == (
            [f"booking.{status}"] if in_app else None
        )
        assert len(await rows(app, Mail)) == mails

    async def test_an_expired_booking_whose_late_payment_went_back_is_notified_too(self, app, booking, client_id):
        await deliver_twice(app, BookingExpired(booking=booking(status="expired")))
        await deliver_twice(app, BookingExpired(booking=booking(status="expired"), refunded=True))
        bodies = [notification.body for notification in await rows(app, StoredNotification)]
        assert len(bodies) == 2
        assert "Everything that you paid goes back" in bodies[1]

    async def test_the_end_of_an_unpaid_hold_reaches_the_client_alone(self, app, booking, client_id):
        given_up = cancelled(booking(status="cancelled")).model_copy(update={"was_confirmed": False})
        await deliver_twice(app, given_up)
        await deliver_twice(app, BookingExpired(booking=booking(status="expired", id=new_id())))
        for kind in (StoredNotification, Mail, StoredFrame):
            assert of_client(await rows(app, kind), client_id)
        assert "unpaid booking" in (await rows(app, StoredNotification))[0].body

    async def test_a_cancellation_says_what_goes_back_and_why(self, app, booking, client_id, seller_id):
        await deliver_twice(app, cancelled(booking(status="cancelled")))
        bodies = {notification.user_id: notification.body for notification in await rows(app, StoredNotification)}
        assert bodies[client_id].endswith("cancelled by you. You get back: 25.00 USD. Reason: I am ill")
        assert bodies[seller_id].endswith("cancelled by the client. Reason: I am ill")

    @pytest.mark.parametrize(("kept", "back"), [(0, "the session of your membership"), (5000, "nothing")])
    async def test_where_a_membership_had_paid_its_session_goes_back_or_is_used(
        self, app, booking, client_id, kept, back
    ):
        paid = booking(status="cancelled", total=Money(0, "USD"), amount_due=Money(0, "USD"), value=Money(5000, "USD"))
        event = cancelled(paid).model_copy(update={"refund_due": Money(0, "USD"), "kept": Money(kept, "USD")})
        await deliver_twice(app, event)
        bodies = {notification.user_id: notification.body for notification in await rows(app, StoredNotification)}
        assert bodies[client_id].endswith(f"cancelled by you. You get back: {back}. Reason: I am ill")

    async def test_a_stored_cancellation_of_the_first_version_is_notified_as_well(self, app, booking, client_id):
        old = BookingCancelled1(
            booking=booking(status="cancelled"), cancelled_by="staff", refund_card=Money(2000, "USD"),
            refund_credits=Money(500, "USD"), kept=USD, cancelled_at=NOW,
        )  # fmt: skip
        await deliver_twice(app, old)
        bodies = {notification.user_id: notification.body for notification in await rows(app, StoredNotification)}
        assert bodies[client_id].endswith("cancelled by our staff. You get back: 25.00 USD.")
        assert len(bodies) == 2

    async def test_each_move_is_told(self, app, booking, client_id):
        for version in (2, 3):
            moved = booking(start_version=version)
            await deliver_twice(app, BookingRescheduled(booking=moved, previous_start_time=NOW))
        assert notified(await rows(app, StoredNotification))[client_id] == ["booking.rescheduled"] * 2


class TestMoney:
    async def test_a_refund_is_notified_to_the_client(self, app, client_id):
        event = OrderRefunded(
            order_id=new_id(), booking_id=new_id(), refund_id=new_id(), client_id=client_id,
            card=Money(3000, "USD"), credits=Money(1000, "USD"), reason="requested",
        )  # fmt: skip
        await deliver_twice(app, event)
        (notification,) = await rows(app, StoredNotification)
        assert notification.body == "A refund was issued to you: 30.00 USD to the card and 10.00 USD as credits."
        assert notification.data["booking_id"] == str(event.booking_id)

    async def test_a_refund_of_nothing_is_not_notified(self, app, client_id):
        event = OrderRefunded(
            order_id=new_id(), booking_id=new_id(), refund_id=new_id(), client_id=client_id,
            card=USD, credits=USD, reason="late",
        )  # fmt: skip
        await deliver_twice(app, event)
        assert await rows(app, StoredNotification) == []

    @pytest.mark.parametrize(
        ("kind", "type_"),
        [(PayoutPaid, "payout.paid"), (PayoutFailed, "payout.failed"), (PayoutRejected, "payout.rejected")],
    )
    async def test_the_end_of_a_payout_is_notified_to_the_practitioner(self, app, seller_id, kind, type_):
        event: Event = kind(
            payout_id=new_id(), practitioner_id=new_id(), user_id=seller_id, amount=Money(9000, "USD"), reason="closed"
        )
        await deliver_twice(app, event)
        (notification,) = await rows(app, StoredNotification)
        assert (notification.user_id, notification.type) == (seller_id, type_)
        assert "90.00 USD" in notification.title


class TestPeople:
    @pytest.mark.parametrize(
        ("status", "types"),
        [("approved", ["verification.approved"]), ("needs_changes", ["verification.needs_changes"]), ("pending", [])],
    )
    async def test_a_decision_is_notified_to_the_practitioner(self, app, seller_id, status, types):
        event = PractitionerVerificationChanged(
            practitioner_id=new_id(), user_id=seller_id, display_name="Sal's studio", timezone="Europe/Berlin",
            verification_status=status, version=2, note="Please add a photo.",
        )  # fmt: skip
        await deliver_twice(app, event)
        notifications = await rows(app, StoredNotification)
        assert [notification.type for notification in notifications] == types
        assert all("Please add a photo." in notification.body for notification in notifications)

    async def test_the_address_book_follows_identity(self, app, client_id):
        changed = UserUpdated(
            user_id=client_id, email="new@example.org", first_name="C", last_name="D", timezone="Asia/Tokyo"
        )
        await deliver_twice(app, changed)
        async with app.state.runtime.db.read() as session:
            person = await session.get_one(Person, client_id)
        assert (person.email, person.timezone) == ("new@example.org", "Asia/Tokyo")


async def test_a_refund_that_came_back_is_notified_once(app, client_id):
    event = OrderRefundFailed(
        order_id=new_id(), booking_id=None, refund_id=new_id(), client_id=client_id, card=Money(4_000, "USD")
    )
    await deliver_twice(app, event)
    notifications = [notification.body for notification in await rows(app, StoredNotification)]
    assert len(notifications) == 1
    assert "40.00 USD" in notifications[0]
