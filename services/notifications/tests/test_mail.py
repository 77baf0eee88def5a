from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from starlette.responses import JSONResponse

from services.notifications.app import create_app
from services.notifications.domain import MAIL_ATTEMPTS, MailStatus
from services.notifications.mail import Mailer
from services.notifications.models import Mail, Person
from services.notifications.texts import Letter
from shared.clock import machine_now
from shared.events.booking import BookingConfirmed
from shared.testing import deliver, run_jobs


async def mails(app: Any) -> list[Mail]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(Mail).order_by(Mail.id))).all())


async def let_time_pass(app: Any) -> None:
    async with app.state.runtime.db.transaction() as session:
        await session.execute(update(Mail).values(next_try_at=machine_now() - timedelta(seconds=1)))


@pytest.fixture
def identity(client_id, seller_id) -> FastAPI:
    """The one path of identity that is asked, knowing the client only."""
    known = FastAPI()

    @known.get("/internal/users/{user_id}/")
    async def user(user_id: str) -> Any:
        if user_id == str(seller_id):
            return JSONResponse({"detail": "no such user", "code": "not_found", "status": 404}, 404)
        return {
            "user_id": user_id, "email": "asked@example.org", "first_name": "Asked", "last_name": "For",
            "timezone": "Asia/Tokyo", "roles": ["user"], "practitioner_id": None,
        }  # fmt: skip

    return known


class TestSendMails:
    async def test_a_confirmed_booking_is_one_mail_to_each_side(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        await run_jobs(app)
        (mail,) = mailbox.to("client@example.org")
        assert mail["Subject"] == "Booking confirmed: Quiet yoga"
        assert mail.get_content().startswith("Hello Cleo,")
        assert len(mailbox.to("seller@example.org")) == 1
        assert [row.status for row in await mails(app)] == [MailStatus.SENT] * 2
        assert {message["Message-ID"] for message in mailbox.received} == {
            f"<{row.id}@estuary.example>" for row in await mails(app)
        }

    async def test_words_of_any_language_arrive_whole(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking(service_title="Ruhige Übung 静かな")))
        await run_jobs(app)
        (mail,) = mailbox.to("client@example.org")
        assert mail["Subject"] == "Booking confirmed: Ruhige Übung 静かな"
        assert "Ruhige Übung 静かな" in mail.get_content()

    async def test_a_temporary_refusal_is_tried_again_later(self, app, booking, mailbox):
        mailbox.answer = "451 try later"
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        first, _ = await mails(app)
        assert (first.status, first.attempts, first.next_try_at > machine_now()) == (MailStatus.PENDING, 1, True)
        mailbox.answer = "250 OK"
        await let_time_pass(app)
        await run_jobs(app)
        assert len(mailbox.received) == 2

    async def test_a_mail_is_given_up_visibly(self, app, booking, mailbox):
        mailbox.answer = "451 try later"
        await deliver(app, BookingConfirmed(booking=booking()))
        for _ in range(MAIL_ATTEMPTS):
            await let_time_pass(app)
            await run_jobs(app)
        assert [row.status for row in await mails(app)] == [MailStatus.FAILED] * 2
        assert all("try later" in (row.last_error or "") for row in await mails(app))

    async def test_a_final_refusal_is_not_repeated(self, app, booking, mailbox):
        mailbox.answer = "554 never"
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        assert [(row.status, row.attempts) for row in await mails(app)] == [(MailStatus.FAILED, 1)] * 2

    async def test_an_outage_of_the_server_uses_up_no_attempt(self, app, booking, mailbox):
        mailbox.stop()
        await deliver(app, BookingConfirmed(booking=booking()))
        with pytest.raises(Exception, match="connect"):
            await run_jobs(app)
        assert [row.attempts for row in await mails(app)] == [0, 0]
        mailbox.start()
        await run_jobs(app)
        assert len(mailbox.received) == 2

    async def test_a_claimed_mail_waits_for_its_lease(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(Mail).values(attempts=1, next_try_at=machine_now() + timedelta(seconds=60)))
        await run_jobs(app)
        assert mailbox.received == []
        await let_time_pass(app)
        await run_jobs(app)
        assert len(mailbox.received) == 2


class TestUnknownPerson:
    async def test_identity_is_asked_and_the_answer_kept(
        self, runtime_for, booking, mailbox, identity, client_id, seller_id
    ):
        env = {"SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}"}
        app = create_app(await runtime_for("notifications", peers={"identity": identity}, env=env))
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        (mail,) = mailbox.to("asked@example.org")
        assert "23:00 (Asia/Tokyo)" in mail.get_content()
        by_user = {row.user_id: row.status for row in await mails(app)}
        assert by_user == {client_id: MailStatus.SENT, seller_id: MailStatus.FAILED}
        async with app.state.runtime.db.read() as session:
            assert (await session.get_one(Person, client_id)).email == "asked@example.org"

    async def test_an_identity_that_does_not_answer_is_asked_again_later(self, runtime_for, booking, mailbox):
        env = {"SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}"}
        app = create_app(await runtime_for("notifications", peers={"identity": FastAPI()}, env=env))
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        assert mailbox.received == []


class TestMailer:
    @pytest.mark.parametrize("url", ["smtp://u:p%40ss@mail.example.org:2525", "smtps://mail.example.org"])
    def test_the_sender_and_the_id_are_of_the_house(self, url, client_id):
        message = Mailer(url, "House <a@house.example>").message(client_id, "b@example.org", Letter("s", "t"))
        assert message["Message-ID"] == f"<{client_id}@house.example>"
