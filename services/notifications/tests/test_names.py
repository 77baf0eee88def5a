"""Who reads which name of whom, and that a name goes with its person."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from devtools.testing.answers import a_practitioner, a_user
from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, erase, run_jobs
from services.notifications.app import create_app
from services.notifications.channels.mail.models import Mail
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from services.notifications.people.models import Person, Practitioner
from services.notifications.people.service import fetch_missing_person
from services.notifications.tests.conftest import text_of
from shared.events.booking import BookingCancelled, BookingConfirmed, BookingMove, BookingRescheduled
from shared.events.catalog import PractitionerUpdated, PractitionerVerificationChanged
from shared.events.identity import UserDeactivated, UserUpdated
from shared.internal.catalog import PRACTITIONER_OF_USER
from shared.internal.identity import USER
from shared.peers import Endpoint
from shared.records.ids import new_id
from shared.records.money import Money

USD = Money.zero("USD")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
START = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)
NAMES = ("Cleo", "Doe", "Sal's studio")


@pytest.fixture(autouse=True)
async def _profile(app, seller_id):
    await deliver_twice(app, profile(seller_id))


def profile(user_id, name="Sal's studio", version=3) -> PractitionerUpdated:
    return PractitionerUpdated(
        practitioner_id=new_id(), user_id=user_id, display_name=name, timezone="Europe/Berlin",
        verification_status="approved", version=version,
    )  # fmt: skip


def cancelled(booking, by="client", reason="Cleo is ill") -> BookingCancelled:
    return BookingCancelled(
        booking=booking.model_copy(update={"status": "cancelled"}), cancelled_by=by, reason=reason,
        refund_due=USD, kept=USD, was_confirmed=True, cancelled_at=NOW,
    )  # fmt: skip


async def rows(app: Any, kind: Any, **of: Any) -> list[Any]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(kind).filter_by(**of).order_by(kind.created_at, kind.id))).all())


async def everything(app: Any) -> str:
    """All that is stored about bookings, as one text."""
    found = []
    for kind in (StoredNotification, Mail, StoredFrame):
        for row in await rows(app, kind):
            found.append(str({column.key: getattr(row, column.key) for column in kind.__table__.columns}))
    return "\n".join(found)


class TestWords:
    async def test_each_side_reads_with_whom(self, app, booking, client_id, seller_id, mailbox):
        await deliver_twice(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        [to_client], [to_seller] = mailbox.to("client@example.org"), mailbox.to("seller@example.org")
        assert "Your booking of Quiet yoga with Sal's studio is confirmed." in text_of(to_client)
        assert "Quiet yoga was booked by Cleo D. for Monday" in text_of(to_seller)
        bodies = {notification.user_id: notification.body for notification in await rows(app, StoredNotification)}
        assert "with Sal's studio is confirmed" in bodies[client_id]
        assert "by Cleo D. for" in bodies[seller_id]

    @pytest.mark.parametrize("settings_env", [{"BOOKING_CLIENT_NAMES": "full"}])
    async def test_names_can_be_whole(self, app, booking, seller_id, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        [notification] = await rows(app, StoredNotification, user_id=seller_id)
        [frame] = await rows(app, StoredFrame, user_id=seller_id, channel="booking-updates")
        assert "by Cleo Doe for" in notification.body
        assert "by Cleo Doe for" in text_of(mailbox.to("seller@example.org")[0])
        assert frame.data["client"]["name"] == "Cleo Doe"

    @pytest.mark.parametrize("settings_env", [{"ESTUARY_APP_URL": "https://book.example"}])
    async def test_moves_and_reminders_say_with_whom_and_where(self, app, booking, clock, mailbox):
        await deliver(app, BookingRescheduled(booking=booking(start_version=2), previous_start_time=NOW))
        clock.set(START - timedelta(minutes=30))
        await run_jobs(app)
        where = f"Length: 1 hour\r\nPrice: 50.00 USD\r\nWhere: https://book.example/bookings/{booking().id}"
        moved, reminder = [text_of(mail) for mail in mailbox.to("client@example.org")]
        assert "with Sal's studio has moved" in moved
        assert "Quiet yoga with Sal's studio starts in 30 minutes" in reminder
        assert where in moved
        assert where in reminder
        moved, reminder = [text_of(mail) for mail in mailbox.to("seller@example.org")]
        assert "by Cleo D. has moved" in moved
        assert "Quiet yoga, booked by Cleo D., starts in 30 minutes" in reminder

    async def test_the_reminder_of_a_group_counts_its_people(self, app, booking, clock, seller_id):
        for _ in range(3):
            await deliver(app, BookingConfirmed(booking=booking(id=new_id(), client_id=new_id())))
        clock.set(START - timedelta(minutes=30))
        await run_jobs(app)
        [notification] = await rows(app, StoredNotification, user_id=seller_id, type="booking.reminder")
        assert "booked by 3 people" in notification.body

    async def test_without_a_name_the_mail_goes_all_the_same(self, app, booking, mailbox):
        stranger = booking(client_id=new_id())
        await deliver(app, BookingConfirmed(booking=stranger))
        await run_jobs(app)
        assert "Quiet yoga was booked by a client for" in text_of(mailbox.to("seller@example.org")[0])

    async def test_names_that_no_event_brought_are_asked_for(self, runtime_for, booking, mailbox, client_id, seller_id):
        others = {"identity": answering(USER, ASKED_USER), "catalog": answering(PRACTITIONER_OF_USER, ASKED_PROFILE)}
        env = {"SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}"}
        app = create_app(await runtime_for("notifications", peers=others, env=env))
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        texts = [text_of(mail) for mail in mailbox.received]
        assert any("with Asked studio" in text for text in texts)
        assert any("by Asked F. for" in text for text in texts)


class TestSessions:
    async def test_the_practitioner_reads_once_that_a_session_moved(self, app, booking, client_id, seller_id, mailbox):
        session_id, move_id, guests = new_id(), new_id(), [client_id, new_id(), new_id()]
        move = BookingMove(by="practitioner", agreed_start_time=NOW, accepted=False)
        for guest in guests:
            seat = booking(id=new_id(), client_id=guest, start_version=2, session_id=session_id, move=move)
            moved = BookingRescheduled(booking=seat, previous_start_time=NOW, session_move_id=move_id)
            await deliver_twice(app, moved)
        [notification] = await rows(app, StoredNotification, user_id=seller_id)
        assert notification.body.startswith("Quiet yoga has moved, with all its bookings, from Tuesday 1 December")
        assert (notification.data["session_id"], "booking_id" in notification.data) == (str(session_id), True)
        assert len(await rows(app, Mail, user_id=seller_id)) == 1
        assert len([row for guest in guests for row in await rows(app, StoredNotification, user_id=guest)]) == 3
        frames = await rows(app, StoredFrame, user_id=seller_id, channel="booking-updates")
        assert len(frames) == 3

    async def test_frames_carry_what_the_booking_s_page_shows(self, app, booking, client_id, seller_id):
        move = BookingMove(by="practitioner", agreed_start_time=NOW, accepted=False)
        seat = booking(start_version=2, session_id=new_id(), move=move)
        await deliver_twice(app, BookingRescheduled(booking=seat, previous_start_time=NOW))
        [own] = await rows(app, StoredFrame, user_id=client_id, channel="booking-updates")
        [theirs] = await rows(app, StoredFrame, user_id=seller_id, channel="booking-updates")
        for frame in (own, theirs):
            assert frame.data["session_id"] == str(seat.session_id)
            shown = {"by": "practitioner", "agreed_start_time": "2026-12-01T08:00:00Z", "accepted": False}
            assert frame.data["move"] == shown
        assert own.data["client"] is None
        assert theirs.data["client"] == {"id": str(client_id), "name": "Cleo D."}


class TestGone:
    async def test_no_name_of_the_client_is_left(self, app, booking, client_id, seller_id, mailbox):
        await deliver(app, BookingConfirmed(booking=booking(notes="Cleo here")))
        await deliver(app, cancelled(booking(notes="Cleo here")))
        assert "Cleo" in await everything(app)
        await erase(app, client_id)
        left = await everything(app)
        assert not [name for name in NAMES[:2] if name in left]
        confirmed, ended = [
            notification.body for notification in await rows(app, StoredNotification, user_id=seller_id)
        ]
        assert confirmed.startswith("Quiet yoga was booked by a client for Monday 7 December 2026, 15:00")
        assert ended.endswith("was cancelled by the client.")
        assert await rows(app, StoredNotification, user_id=client_id) == []
        await run_jobs(app)
        assert all("Cleo" not in text_of(mail) for mail in mailbox.received)
        assert [mail["Subject"] for mail in mailbox.to("seller@example.org")] == ["Booking cancelled: Quiet yoga"]

    async def test_no_name_of_the_practitioner_is_left(self, app, booking, client_id, seller_id, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        await deliver(app, cancelled(booking(), by="practitioner", reason="Sal's studio closes"))
        await erase(app, seller_id)
        assert "studio" not in await everything(app)
        await run_jobs(app)
        assert "with the practitioner on" in text_of(mailbox.to("client@example.org")[-1])

    async def test_what_others_were_answered_about_them_goes(self, app, booking, client_for, client_id, seller_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        [notification] = await rows(app, StoredNotification, user_id=seller_id)
        path, headers = f"/api/v1/notifications/{notification.id}/read/", headers_for(seller_id, idempotency_key="seen")
        assert "Cleo D." in (await client_for(app).post(path, headers=headers)).json()["body"]
        await erase(app, client_id)
        again = await client_for(app).post(path, headers=headers)
        assert (again.status_code, "Cleo" in again.text) == (200, False)

    async def test_a_name_goes_with_the_account_and_texts_stay(self, app, booking, client_id, seller_id):
        await deliver(app, cancelled(booking(), reason="I am ill"))
        await deliver_twice(app, UserDeactivated(user_id=client_id))
        [notification] = await rows(app, StoredNotification, user_id=seller_id)
        assert notification.body.startswith("The booking of Quiet yoga by a client on")
        assert notification.body.endswith("Reason: I am ill")
        assert len(await rows(app, StoredNotification, user_id=client_id)) == 1

    async def test_what_comes_late_brings_no_name_back(self, app, booking, client_id, seller_id):
        for user_id in (client_id, seller_id):
            await erase(app, user_id)
        await deliver(app, profile(seller_id, version=9))
        late = {"email": "client@example.org", "first_name": "Cleo", "last_name": "Doe", "timezone": "UTC"}
        await deliver(app, UserUpdated(user_id=client_id, **late))
        peers: Any = Answer()
        await fetch_missing_person(app.state.runtime.db, peers, client_id)
        async with app.state.runtime.db.read() as session:
            assert (await session.scalars(select(Person))).all() == []
            assert (await session.scalars(select(Practitioner))).all() == []
        await deliver(app, BookingConfirmed(booking=booking()))
        assert not [name for name in NAMES if name in await everything(app)]

    @pytest.mark.parametrize("side", ["client", "seller"])
    async def test_what_they_wrote_comes_late_and_is_not_stored(self, app, booking, client_id, seller_id, side):
        await deliver(app, UserDeactivated(user_id=client_id if side == "client" else seller_id, erased=True))
        await deliver(app, BookingConfirmed(booking=booking(notes="Cleo has a bad knee")))
        await deliver(app, cancelled(booking(notes="Cleo has a bad knee"), reason="Cleo's knee again"))
        assert "knee" not in await everything(app)

    async def test_nothing_is_stored_for_them_any_more(self, app, client_id, seller_id):
        await deliver(app, UserDeactivated(user_id=seller_id, erased=True))
        await deliver(app, PractitionerVerificationChanged(**dict(profile(seller_id)), note="Sal's papers are missing"))
        for kind in (StoredNotification, StoredFrame, Mail):
            assert await rows(app, kind) == []

    async def test_an_older_profile_replaces_no_newer_one(self, app, booking, client_id, seller_id):
        await deliver(app, profile(seller_id, "Old name", version=2))
        await deliver(app, BookingConfirmed(booking=booking()))
        assert "with Sal's studio" in (await rows(app, StoredNotification, user_id=client_id))[0].body


ASKED_USER = a_user(email="asked@example.org", first_name="Asked", last_name="For")
ASKED_PROFILE = a_practitioner(display_name="Asked studio")


class Answer:
    """Another service that answers after the event that says otherwise."""

    async def ask(self, operation: Endpoint[Any], **ids: UUID) -> Any:
        return ASKED_USER


def answering(operation: Endpoint[Any], answer: Any) -> FastAPI:
    """The one path of another service that is asked."""
    known = FastAPI()

    @known.get(operation.path)
    async def read(user_id: UUID) -> Any:
        return answer

    return known
