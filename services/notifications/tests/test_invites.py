"""The invitations in mails about a booking (BK-12)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from devtools.testing.delivery import deliver, run_jobs
from services.notifications.tests.conftest import text_of
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingRescheduled
from shared.records.ids import new_id
from shared.records.money import Money

START = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)


def invite_in(message: Any) -> tuple[str, Any]:
    """The method of the one attachment, the same in its header and in its body, and its events."""
    [part] = message.iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "invite.ics")
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["method"]
    return str(calendar["method"]), calendar.walk("VEVENT")


class TestInvites:
    async def test_one_uid_and_a_sequence_that_grows_to_both_sides(self, app, booking, mailbox):
        made = booking()
        moved = booking(start_version=2, start_time=START + timedelta(days=1))
        nothing = Money.zero("USD")
        events = [
            BookingConfirmed(booking=made),
            BookingRescheduled(booking=moved, previous_start_time=START),
            BookingCancelled(
                booking=moved.model_copy(update={"status": "cancelled"}),
                cancelled_by="client",
                reason=None,
                refund_due=nothing,
                kept=nothing,
                was_confirmed=True,
                cancelled_at=made.created_at,
            ),
        ]
        for event in events:
            await deliver(app, event)
            await run_jobs(app)
        for address in ("client@example.org", "seller@example.org"):
            seen = []
            for message in mailbox.to(address):
                assert text_of(message).startswith("Hello ")
                method, [event] = invite_in(message)
                assert event["uid"] == f"{made.id}@estuary.example"
                assert (event["organizer"], event["attendee"]) == (
                    "mailto:no-reply@estuary.example",
                    f"mailto:{address}",
                )
                assert event["summary"] == "Quiet yoga"
                seen.append((method, event["sequence"], str(event["status"]), event["dtstart"].dt))
            assert seen == [
                ("REQUEST", 0, "CONFIRMED", START),
                ("REQUEST", 1, "CONFIRMED", moved.start_time),
                ("CANCEL", 2, "CANCELLED", moved.start_time),
            ]

    async def test_a_moved_session_is_one_mail_with_an_event_for_each_booking(self, app, booking, mailbox):
        guests = [booking(id=new_id(), client_id=new_id()) for _ in range(3)]
        for guest in guests:
            await deliver(app, BookingConfirmed(booking=guest))
        await run_jobs(app)
        mailbox.received.clear()
        change, move = {"start_time": START + timedelta(hours=2), "start_version": 2}, new_id()
        for guest in guests:
            at = booking(id=guest.id, client_id=guest.client_id, **change)
            await deliver(app, BookingRescheduled(booking=at, previous_start_time=START, session_move_id=move))
        await run_jobs(app)
        [message] = mailbox.to("seller@example.org")
        method, events = invite_in(message)
        assert (method, {str(event["uid"]) for event in events}) == (
            "REQUEST",
            {f"{guest.id}@estuary.example" for guest in guests},
        )
        assert {event["sequence"] for event in events} == {1}

    async def test_several_sessions_bought_as_one_are_one_mail_with_an_event_for_each(self, app, booking, mailbox):
        parent = booking(kind="course", session_id=None)
        days = [START + timedelta(days=day) for day in range(3)]
        parts = [
            booking(id=new_id(), kind="course", parent_id=parent.id, order_id=None, start_time=day) for day in days
        ]
        for each in (*parts, parent):
            await deliver(app, BookingConfirmed(booking=each))
        await run_jobs(app)
        for address in ("client@example.org", "seller@example.org"):
            [message] = mailbox.to(address)
            method, events = invite_in(message)
            assert (method, [event["dtstart"].dt for event in events]) == ("REQUEST", days)
            assert [str(event["uid"]) for event in events] == [f"{part.id}@estuary.example" for part in parts]
