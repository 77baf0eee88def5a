from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.notifications.channels.mail.models import Mail
from services.notifications.invariants import INVARIANTS
from services.notifications.notifications.models import StoredNotification
from services.notifications.reminders.domain import ReminderStatus
from services.notifications.reminders.models import Reminder
from services.notifications.tests.conftest import text_of
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingRescheduled
from shared.records.ids import new_id
from shared.records.money import Money

START = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)
USD = Money.zero("USD")


async def reminded(app: Any, user_id: UUID) -> list[str]:
    """The kinds of the reminders that this person has been given as notifications."""
    async with app.state.runtime.db.read() as session:
        found = select(StoredNotification).where(
            StoredNotification.user_id == user_id, StoredNotification.type == "booking.reminder"
        )
        return [
            notification.data["kind"] for notification in await session.scalars(found.order_by(StoredNotification.id))
        ]


async def statuses(app: Any) -> list[ReminderStatus]:
    async with app.state.runtime.db.read() as session:
        return list(await session.scalars(select(Reminder.status).order_by(Reminder.start_version, Reminder.due_at)))


def mails_about_reminders(mailbox: Any, address: str) -> list[str]:
    return [message["Subject"] for message in mailbox.to(address) if message["Subject"].startswith("Reminder")]


async def check_invariants(app: Any) -> None:
    async with app.state.runtime.db.read() as session:
        for name, statement in INVARIANTS.items():
            assert (await session.execute(text(statement))).all() == [], name


class TestReminders:
    async def test_rule_19_reminders_reach_both_sides_once_by_mail_and_once_as_notification(
        self, app, booking, clock, mailbox, client_id, seller_id
    ):
        await deliver_twice(app, BookingConfirmed(booking=booking()))
        for before in (timedelta(hours=24), timedelta(minutes=30)):
            clock.set(START - before)
            await run_jobs(app)
            await run_jobs(app)
        for user_id, address in ((client_id, "client@example.org"), (seller_id, "seller@example.org")):
            assert await reminded(app, user_id) == ["24h", "30m"]
            assert mails_about_reminders(mailbox, address) == [
                "Reminder: Quiet yoga starts in 24 hours",
                "Reminder: Quiet yoga starts in 30 minutes",
            ]
        await check_invariants(app)

    async def test_of_a_service_with_moments_of_its_own(self, app, booking, clock, client_id):
        await deliver_twice(app, BookingConfirmed(booking=booking(reminders_minutes=(1500, 90, 10))))
        for minutes in (1500, 91):
            clock.set(START - timedelta(minutes=minutes))
            await run_jobs(app)
        assert await reminded(app, client_id) == ["25h"]
        clock.set(START - timedelta(minutes=11))
        await run_jobs(app)
        clock.set(START - timedelta(minutes=10))
        await run_jobs(app)
        assert await reminded(app, client_id) == ["25h", "90m", "10m"]
        await check_invariants(app)

    async def test_seats_that_were_bought_as_one_are_one_reminder_to_each_side(
        self, app, booking, clock, client_id, seller_id
    ):
        parent = new_id()
        for start in (START, START, START + timedelta(hours=3)):
            seat = booking(
                id=new_id(), kind="group", parent_id=parent, order_id=None, start_time=start, reminders_minutes=(30,)
            )
            await deliver_twice(app, BookingConfirmed(booking=seat))
        clock.set(START - timedelta(minutes=30))
        await run_jobs(app)
        for user_id in (client_id, seller_id):
            assert await reminded(app, user_id) == ["30m"]
        clock.set(START + timedelta(hours=2, minutes=30))
        await run_jobs(app)
        for user_id in (client_id, seller_id):
            assert await reminded(app, user_id) == ["30m", "30m"]
        await check_invariants(app)

    async def test_of_a_service_without_any(self, app, booking, clock, client_id):
        await deliver(app, BookingConfirmed(booking=booking(reminders_minutes=())))
        clock.set(START - timedelta(minutes=5))
        await run_jobs(app)
        assert await reminded(app, client_id) == []

    async def test_rule_19_reminders_are_not_early(self, app, booking, clock, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        clock.set(START - timedelta(hours=24, seconds=1))
        await run_jobs(app)
        assert await reminded(app, client_id) == []

    async def test_rule_19_reminders_read_each_recipients_zone(self, app, booking, clock, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        clock.set(START - timedelta(hours=24))
        await run_jobs(app)
        assert "09:00 (America/New_York)" in text_of(mailbox.to("client@example.org")[-1])
        assert "15:00 (Europe/Berlin)" in text_of(mailbox.to("seller@example.org")[-1])

    async def test_rule_19_reminders_whose_moment_passed_before_the_booking_are_skipped(
        self, app, booking, clock, client_id
    ):
        clock.set(START - timedelta(hours=3))
        await deliver(app, BookingConfirmed(booking=booking(created_at=clock.now())))
        await run_jobs(app)
        assert await reminded(app, client_id) == []
        clock.set(START - timedelta(minutes=29))
        await run_jobs(app)
        assert await reminded(app, client_id) == ["30m"]
        await check_invariants(app)

    async def test_rule_19_reminders_after_a_jump_only_the_useful_one_is_sent(self, app, booking, clock, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        clock.set(START - timedelta(minutes=10))
        await run_jobs(app)
        assert await reminded(app, client_id) == ["30m"]

    async def test_rule_19_reminders_after_the_start_are_skipped(self, app, booking, clock, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        clock.set(START)
        await run_jobs(app)
        assert await reminded(app, client_id) == []
        assert set(await statuses(app)) == {ReminderStatus.SKIPPED}

    async def test_rule_19_reminders_of_a_moved_booking_are_given_anew(self, app, booking, clock, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        clock.set(START - timedelta(hours=24))
        await run_jobs(app)
        later = START + timedelta(days=2)
        moved = booking(start_time=later, start_version=2)
        await deliver_twice(app, BookingRescheduled(booking=moved, previous_start_time=START))
        clock.set(START - timedelta(minutes=30))
        await run_jobs(app)
        assert await reminded(app, client_id) == ["24h"]
        for before in (timedelta(hours=24), timedelta(minutes=30)):
            clock.set(later - before)
            await run_jobs(app)
        assert await reminded(app, client_id) == ["24h", "24h", "30m"]
        await check_invariants(app)

    async def test_rule_19_reminders_are_silenced_by_a_cancellation(self, app, booking, clock, mailbox, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        event = BookingCancelled(
            booking=booking(status="cancelled"), cancelled_by="staff", reason=None, refund_due=USD,
            kept=USD, was_confirmed=True, cancelled_at=clock.now(),
        )  # fmt: skip
        await deliver_twice(app, event)
        clock.set(START - timedelta(hours=24))
        await run_jobs(app)
        assert await reminded(app, client_id) == []
        assert mails_about_reminders(mailbox, "client@example.org") == []
        await check_invariants(app)

    async def test_rule_19_reminders_waiting_as_mail_are_dropped_when_the_booking_is_cancelled(
        self, app, booking, clock, mailbox
    ):
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        clock.set(START - timedelta(hours=24))
        await app.state.jobs["send_reminders"].run(app.state.runtime)
        event = BookingCancelled(
            booking=booking(status="cancelled"), cancelled_by="client", reason=None, refund_due=USD,
            kept=USD, was_confirmed=True, cancelled_at=clock.now(),
        )  # fmt: skip
        await deliver(app, event)
        await run_jobs(app)
        assert mails_about_reminders(mailbox, "client@example.org") == []
        assert mailbox.to("client@example.org")[-1]["Subject"] == "Booking cancelled: Quiet yoga"

    async def test_the_practitioner_is_reminded_of_a_session_once_however_many_seats(
        self, app, booking, clock, mailbox, client_id, seller_id
    ):
        first, second = booking(), booking(id=new_id(), client_id=new_id())
        for seat in (first, second):
            await deliver(app, BookingConfirmed(booking=seat))
        clock.set(START - timedelta(hours=24))
        await run_jobs(app)
        assert await reminded(app, seller_id) == ["24h"]
        assert await reminded(app, second.client_id) == await reminded(app, client_id) == ["24h"]
        assert len(mails_about_reminders(mailbox, "seller@example.org")) == 1
        await check_invariants(app)

    async def test_a_session_that_loses_one_seat_is_still_mailed_to_the_practitioner(
        self, app, booking, clock, mailbox
    ):
        seats = [booking(id=new_id()), booking(id=new_id())]
        for seat in seats:
            await deliver(app, BookingConfirmed(booking=seat))
        await run_jobs(app)
        clock.set(START - timedelta(hours=24))
        await app.state.jobs["send_reminders"].run(app.state.runtime)
        for seat, left in ((seats[0], 1), (seats[1], 0)):
            gone = seat.model_copy(update={"status": "cancelled"})
            await deliver(app, cancelled(gone, clock.now()))
            async with app.state.runtime.db.read() as session:
                waiting = select(Mail.id).where(Mail.user_id == seat.practitioner_user_id, Mail.status == "pending")
                assert len((await session.scalars(waiting.where(Mail.booking_id.is_not(None)))).all()) == left


def cancelled(booking: Any, at: datetime) -> BookingCancelled:
    return BookingCancelled(
        booking=booking, cancelled_by="staff", reason=None, refund_due=USD, kept=USD, was_confirmed=True,
        cancelled_at=at,
    )  # fmt: skip
