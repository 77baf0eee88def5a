"""A mail says what is true when it is sent, however long it waited."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from devtools.testing.delivery import deliver, run_jobs
from services.notifications.channels.mail.models import Mail
from services.notifications.reminders.jobs import send_reminders
from services.notifications.staff.models import StaffNotification
from services.notifications.tests.conftest import text_of
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingRescheduled
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.payments import PayoutNeedsAttention, PayoutPaid
from shared.records.ids import new_id
from shared.records.money import Money

START = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)


async def mails(app: Any) -> list[Mail]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(Mail).order_by(Mail.id))).all())


def cancelled(booking: Any) -> BookingCancelled:
    usd = Money.zero("USD")
    return BookingCancelled(
        booking=booking.model_copy(update={"status": "cancelled"}), cancelled_by="staff", reason=None, refund_due=usd,
        kept=usd, was_confirmed=True, cancelled_at=START,
    )  # fmt: skip


class TestTruth:
    async def test_a_confirmation_that_waited_says_the_present_start(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        moved = booking(start_version=2, start_time=START + timedelta(hours=2))
        await deliver(app, BookingRescheduled(booking=moved, previous_start_time=START))
        await run_jobs(app)
        assert all("17:00 (Europe/Berlin)" in text_of(mail) for mail in mailbox.to("seller@example.org"))
        assert len(mailbox.to("seller@example.org")) == 2

    async def test_what_is_no_longer_true_is_not_sent(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        for version, hours in ((2, 2), (3, 4)):
            moved = booking(start_version=version, start_time=START + timedelta(hours=hours))
            await deliver(app, BookingRescheduled(booking=moved, previous_start_time=START))
        async with app.state.runtime.db.read() as session:
            assert len((await session.scalars(select(Mail))).all()) == 6
        ended = booking(status="cancelled", start_version=3)
        usd = Money.zero("USD")
        await deliver(app, BookingCancelled(
            booking=ended, cancelled_by="staff", reason=None, refund_due=usd, kept=usd, was_confirmed=True,
            cancelled_at=START,
        ))  # fmt: skip
        await run_jobs(app)
        assert {mail["Subject"] for mail in mailbox.received} == {"Booking cancelled: Quiet yoga"}
        assert sorted(row.last_error or "" for row in await mails(app)) == ["", ""] + ["no longer true"] * 6

    async def test_the_time_that_remains_is_that_of_the_moment_of_sending(self, app, booking, clock, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        clock.set(START - timedelta(hours=24))
        await send_reminders(app.state.runtime)
        clock.set(START - timedelta(hours=21))
        await run_jobs(app)
        [reminder] = [mail for mail in mailbox.to("client@example.org") if mail["Subject"].startswith("Reminder")]
        assert reminder["Subject"] == "Reminder: Quiet yoga starts in 21 hours"

    async def test_a_confirmation_after_the_start_says_that_it_started(self, app, booking, clock, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        clock.set(START + timedelta(minutes=5))
        await run_jobs(app)
        [to_client] = mailbox.to("client@example.org")
        assert "was confirmed. It started on Monday 7 December 2026, 09:00" in text_of(to_client)
        assert len(mailbox.to("seller@example.org")) == 1

    async def remind_of(self, app, clock, seats) -> None:
        """Of a session of these seats, one of which is given up before the reminder is sent."""
        for seat in seats:
            await deliver(app, BookingConfirmed(booking=seat))
        await run_jobs(app)
        clock.set(START - timedelta(hours=24))
        await send_reminders(app.state.runtime)
        await deliver(app, cancelled(seats[0]))
        await run_jobs(app)

    async def test_a_reminder_counts_the_seats_of_its_moment(self, app, booking, clock, mailbox):
        await self.remind_of(app, clock, [booking(id=new_id()) for _ in range(3)])
        assert "booked by 2 people" in text_of(mailbox.to("seller@example.org")[-2])

    async def test_a_reminder_of_the_last_seat_names_its_client(self, app, booking, clock, mailbox):
        await self.remind_of(app, clock, [booking(id=new_id()) for _ in range(2)])
        [reminder] = [mail for mail in mailbox.to("seller@example.org") if mail["Subject"].startswith("Reminder")]
        assert "booked by Cleo D., starts in" in text_of(reminder)

    async def test_a_moved_session_is_mailed_as_long_as_one_seat_of_it_is_booked(self, app, booking, mailbox):
        seats, move = [booking(id=new_id()), booking(id=new_id())], new_id()
        moved = [
            seat.model_copy(update={"start_time": START + timedelta(days=1), "start_version": 2}) for seat in seats
        ]
        for seat in moved:
            await deliver(app, BookingRescheduled(booking=seat, previous_start_time=START, session_move_id=move))
        await deliver(app, cancelled(moved[0]))
        await run_jobs(app)
        subjects = [mail["Subject"] for mail in mailbox.to("seller@example.org")]
        assert sorted(subjects) == ["Booking cancelled: Quiet yoga", "Session moved: Quiet yoga"]

    async def test_a_moved_session_without_seats_is_not_mailed(self, app, booking, mailbox):
        moved = booking(start_time=START + timedelta(days=1), start_version=2)
        await deliver(app, BookingRescheduled(booking=moved, previous_start_time=START, session_move_id=new_id()))
        await deliver(app, cancelled(moved))
        await run_jobs(app)
        assert [mail["Subject"] for mail in mailbox.to("seller@example.org")] == ["Booking cancelled: Quiet yoga"]

    async def test_the_end_of_a_payout_replaces_what_waits_of_it(self, app, seller_id, mailbox):
        payout = {
            "payout_id": new_id(), "practitioner_id": new_id(), "user_id": seller_id, "amount": Money(9000, "USD"),
            "reason": "bank closed",
        }  # fmt: skip
        await deliver(app, PayoutNeedsAttention(**payout))
        await deliver(app, PayoutPaid(**payout))
        async with app.state.runtime.db.read() as session:
            assert (await session.scalars(select(StaffNotification))).all() == []
        await run_jobs(app)
        assert [mail["Subject"] for mail in mailbox.received] == ["Payout paid: 90.00 USD"]

    async def test_a_newer_decision_replaces_the_one_that_waits(self, app, seller_id, mailbox):
        for version, status in ((2, "approved"), (3, "rejected")):
            await deliver(app, PractitionerVerificationChanged(
                practitioner_id=new_id(), user_id=seller_id, display_name="Sal", timezone="Europe/Berlin",
                verification_status=status, version=version, note=None,
            ))  # fmt: skip
        await run_jobs(app)
        assert [mail["Subject"] for mail in mailbox.received] == ["Your application was declined"]
