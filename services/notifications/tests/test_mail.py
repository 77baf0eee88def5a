import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from starlette.responses import JSONResponse

from devtools.testing.answers import a_user
from devtools.testing.delivery import deliver, run_jobs
from devtools.testing.servers import until
from services.notifications.app import create_app
from services.notifications.channels.mail.domain import MAIL_ATTEMPTS, MailStatus
from services.notifications.channels.mail.jobs import send_awaited_mails, send_mails
from services.notifications.channels.mail.message import make_message
from services.notifications.channels.mail.models import Mail
from services.notifications.people.models import Person
from services.notifications.people.repository import People
from services.notifications.templates.domain import Email
from services.notifications.tests.conftest import text_of
from shared.events.booking import BookingConfirmed
from shared.events.streams import PostAnnounced
from shared.internal.identity import USER
from shared.records.clock import machine_now
from shared.records.ids import new_id

START = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)


async def mails(app: Any) -> list[Mail]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(Mail).order_by(Mail.id))).all())


async def let_time_pass(app: Any) -> None:
    async with app.state.runtime.db.transaction() as session:
        await session.execute(update(Mail).values(next_try_at=machine_now() - timedelta(seconds=1)))


def due_later(mail: Mail) -> bool:
    return mail.next_try_at is not None and mail.next_try_at > machine_now()


@pytest.fixture
def identity(client_id, seller_id) -> FastAPI:
    """The one path of identity that is asked, knowing the client only."""
    known = FastAPI()

    @known.get(USER.path)
    async def user(user_id: UUID) -> Any:
        if user_id == seller_id:
            return JSONResponse({"detail": "no such user", "code": "not_found", "status": 404}, 404)
        return a_user(user_id, email="asked@example.org", first_name="Asked", last_name="For", timezone="Asia/Tokyo")

    return known


class TestSendMails:
    async def test_a_confirmed_booking_is_one_mail_to_each_side(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        await run_jobs(app)
        (mail,) = mailbox.to("client@example.org")
        assert mail["Subject"] == "Booking confirmed: Quiet yoga"
        assert text_of(mail).startswith("Hello Cleo,")
        assert len(mailbox.to("seller@example.org")) == 1
        assert [row.status for row in await mails(app)] == [MailStatus.SENT] * 2
        assert {message["Message-ID"] for message in mailbox.received} == {
            f"<{row.id}@estuary.example>" for row in await mails(app)
        }

    async def test_texts_of_any_language_arrive_whole(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking(service_title="Ruhige Übung 静かな")))
        await run_jobs(app)
        (mail,) = mailbox.to("client@example.org")
        assert mail["Subject"] == "Booking confirmed: Ruhige Übung 静かな"
        assert "Ruhige Übung 静かな" in text_of(mail)

    async def test_a_temporary_refusal_is_tried_again_later(self, app, booking, mailbox):
        mailbox.answer = "451 try later"
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        first, _ = await mails(app)
        assert (first.status, first.tries, due_later(first)) == (MailStatus.PENDING, 1, True)
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
        assert [(row.status, row.tries) for row in await mails(app)] == [(MailStatus.FAILED, 1)] * 2

    async def test_an_outage_of_the_server_uses_up_no_attempt(self, app, booking, mailbox):
        mailbox.stop()
        await deliver(app, BookingConfirmed(booking=booking()))
        with pytest.raises(Exception, match="connect"):
            await run_jobs(app)
        assert [row.tries for row in await mails(app)] == [0, 0]
        assert all("no connection to the mail server" in str(row.last_error) for row in await mails(app))
        mailbox.start()
        await run_jobs(app)
        assert len(mailbox.received) == 2

    async def test_a_claimed_mail_waits_for_its_lease(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(Mail).values(tries=1, next_try_at=machine_now() + timedelta(seconds=60)))
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
        assert "23:00 (Asia/Tokyo)" in text_of(mail)
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
    def test_the_id_is_of_the_sender(self, client_id):
        message = make_message(client_id, "Practice <a@practice.example>", "b@example.org", Email("s", "t"))
        assert message["Message-ID"] == f"<{client_id}@practice.example>"


class SlowServer:
    """Answers each command half a second late, and counts its connections."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.connections, self.mails = seconds, 0, list[str]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"220 slow\r\n")
        while line := await reader.readline():
            await asyncio.sleep(self.seconds)
            if line.startswith(b"DATA"):
                writer.write(b"354 go\r\n")
                text = await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(self.seconds)
                self.mails.append(text.decode())
            writer.write(b"250 OK\r\n")
        writer.close()


@pytest.fixture
async def slow(runtime_for) -> Any:
    """The service behind a server of 20 ms, with eight connections, and who writes a post to a hundred people."""
    server = SlowServer(0.02)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        app = create_app(await runtime_for("notifications", env={"SMTP_URL": f"smtp://127.0.0.1:{port}"}))
        app.state.server = server
        yield app
        await app.state.runtime.mailer.stop()


async def know(app: Any, user_ids: list[UUID]) -> None:
    async with app.state.runtime.db.transaction() as session:
        for user_id in user_ids:
            named = {"email": f"{user_id}@example.org", "first_name": "Ann", "last_name": "Doe", "timezone": None}
            await People(session).put(user_id=user_id, **named)


async def post_to_many(app: Any, count: int) -> None:
    readers = [new_id() for _ in range(count)]
    await know(app, readers)
    title = {"stream_title": "News", "title": "Hello"}
    post = PostAnnounced(post_id=new_id(), stream_id=new_id(), owner_id=new_id(), recipient_ids=readers, **title)
    await deliver(app, post)


class TestLanes:
    async def test_a_confirmation_is_sent_before_a_hundred_posts(self, slow, booking, client_id, seller_id):
        await post_to_many(slow, 100)
        posts = asyncio.create_task(send_mails(slow.state.runtime))
        await asyncio.sleep(0.1)
        await know(slow, [client_id, seller_id])
        await deliver(slow, BookingConfirmed(booking=booking()))
        await send_awaited_mails(slow.state.runtime)
        await until(lambda: any("Quiet yoga" in mail for mail in slow.state.server.mails))
        assert len(slow.state.server.mails) < 80
        await posts
        assert len(slow.state.server.mails) == 102
        assert slow.state.server.connections <= 8

    async def test_an_end_gives_back_what_was_claimed_and_not_tried(self, slow):
        await post_to_many(slow, 9)
        sending = asyncio.create_task(send_mails(slow.state.runtime))
        await until(lambda: bool(slow.state.server.mails))
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        waiting = [row for row in await mails(slow) if row.status is MailStatus.PENDING]
        untried = [row for row in waiting if row.tries == 0 and not due_later(row)]
        assert len(untried) >= len(waiting) - 1 >= 2  # one may have been on its way

    async def test_connections_are_kept(self, slow):
        for _ in range(3):
            await post_to_many(slow, 1)
            await run_jobs(slow)
        assert (len(slow.state.server.mails), slow.state.server.connections) == (3, 1)

    async def test_a_connection_that_the_server_ended_is_replaced(self, app, booking, mailbox):
        for _ in range(2):
            await deliver(app, BookingConfirmed(booking=booking(id=new_id())))
            await run_jobs(app)
            mailbox.stop()
            mailbox.start()
        assert len(mailbox.received) == 4
