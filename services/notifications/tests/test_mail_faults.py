"""Mail servers that refuse, hang and hang up, mails that cannot be made, and two processes that send."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from devtools.testing.delivery import deliver, erase, run_jobs
from services.notifications.channels.mail.domain import MAIL_ATTEMPTS, MailStatus
from services.notifications.channels.mail.errors import MailNotSent
from services.notifications.channels.mail.jobs import send_awaited_mails
from services.notifications.channels.mail.models import Mail
from services.notifications.channels.mail.repository import Mails
from services.notifications.channels.mail.smtp import Mailer
from services.notifications.templates.domain import Email
from services.notifications.tests.conftest import text_of
from shared.events.booking import BookingConfirmed
from shared.records.clock import machine_now
from shared.records.ids import new_id

HANG, CLOSE = b"", b"close"


class FaultyServer:
    """Answers what it is given for a command, else 250; `HANG` is no answer, `CLOSE` the end of the connection."""

    def __init__(self, answers: Mapping[bytes, bytes]) -> None:
        self.answers = {b"DATA": b"354 go"} | dict(answers)
        self.ended = asyncio.Event()
        self.greetings = list[bytes]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            command = line.strip().upper().split(b":")[0]
            if command.startswith(b"EHLO"):
                self.greetings.append(line.strip())
            if not await self._answer(writer, command):
                break
            if command == b"DATA" and self.answers[b"DATA"].startswith(b"354"):
                await reader.readuntil(b"\r\n.\r\n")
                if not await self._answer(writer, b"BODY"):
                    break
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, command: bytes) -> bool:
        answer = self.answers.get(command, b"250 OK")
        if answer == HANG:
            await self.ended.wait()
            return False
        writer.write(answer + b"\r\n" if answer != CLOSE else b"")
        return answer != CLOSE


@asynccontextmanager
async def mailer(answers: Mapping[bytes, bytes] | FaultyServer) -> AsyncIterator[Mailer]:
    server = answers if isinstance(answers, FaultyServer) else FaultyServer(answers)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        sender = Mailer(f"smtp://127.0.0.1:{port}", "Estuary <estuary@example.org>", timeout=0.3)
        yield sender
        await sender.stop()
        server.ended.set()


async def attempt(answers: Mapping[bytes, bytes]) -> tuple[bool, bool]:
    """One mail through such a server: whether its failure was final, and whether the connection is used again."""
    async with mailer(answers) as sender, sender.connection() as connection:
        with pytest.raises(MailNotSent) as caught:
            await connection.send(new_id(), "ana@example.org", Email("Hello", "text"))
        return caught.value.permanent, connection.usable()


class TestServer:
    @pytest.mark.parametrize(
        ("answers", "permanent", "usable"),
        [
            ({b"RCPT TO": b"550 no such user"}, True, True),
            ({b"RCPT TO": b"450 try later"}, False, True),
            ({b"MAIL FROM": b"550 not from you"}, False, True),
            ({b"DATA": b"554 no"}, True, True),
            ({b"BODY": b"554 spam"}, True, True),
            ({b"BODY": b"452 full"}, False, True),
            ({b"BODY": b"what"}, False, False),
            ({b"BODY": HANG}, False, False),
            ({b"MAIL FROM": HANG}, False, False),
            ({b"DATA": CLOSE}, False, False),
            ({b"BODY": CLOSE}, False, False),
        ],
    )  # fmt: skip
    async def test_what_it_answers_decides_whether_another_attempt_helps(self, answers, permanent, usable):
        assert await attempt(answers) == (permanent, usable)

    async def test_one_that_closes_the_service_is_left(self):
        permanent, _ = await attempt({b"MAIL FROM": b"421 too many"})
        assert not permanent

    async def test_one_without_smtputf8_gets_no_address_beyond_ascii_and_all_others(self):
        async with mailer({}) as sender, sender.connection() as connection:
            with pytest.raises(MailNotSent) as caught:
                await connection.send(new_id(), "zoë@example.org", Email("Hello", "text"))
            assert (caught.value.permanent, connection.usable()) == (True, True)
            await connection.send(new_id(), "ana@example.org", Email("Hello", "text"))

    async def test_one_is_greeted_with_the_senders_domain_whatever_the_machine_is_called(self, monkeypatch):
        monkeypatch.setattr(socket, "getfqdn", lambda: "15b0717dc4c2")
        server = FaultyServer({})
        async with mailer(server) as sender, sender.connection() as connection:
            await connection.send(new_id(), "ana@example.org", Email("Hello", "text"))
        assert server.greetings == [b"EHLO example.org"]

    async def test_an_address_that_no_header_can_hold_is_final(self):
        async with mailer({}) as sender, sender.connection() as connection:
            with pytest.raises(MailNotSent) as caught:
                await connection.send(new_id(), "ana@example.org\r\nBcc: all@example.org", Email("Hello", "text"))
        assert caught.value.permanent


async def rows(app: Any) -> list[Mail]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(Mail).order_by(Mail.id))).all())


async def change(app: Any, mail: Mail, **values: Any) -> None:
    async with app.state.runtime.db.transaction() as session:
        await session.execute(update(Mail).where(Mail.id == mail.id).values(**values))


async def test_a_connection_knows_how_fast_its_server_is():
    async with mailer({}) as sender, sender.connection() as connection:
        await connection.send(new_id(), "ana@example.org", Email("Hello", "text"))
        assert 0 < connection.seconds_a_mail < 5


class TestMail:
    async def test_one_that_cannot_be_made_keeps_no_other_back(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        first, second = await rows(app)
        await change(app, first, params={})
        await run_jobs(app)
        first, second = await rows(app)
        assert (first.status, first.tries, second.status) == (MailStatus.PENDING, 1, MailStatus.SENT)
        assert "KeyError" in str(first.last_error)
        assert (first.next_try_at or machine_now()) > machine_now()

    async def test_one_whose_attempts_never_end_is_given_up(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        first, _ = await rows(app)
        await change(app, first, tries=MAIL_ATTEMPTS)
        await run_jobs(app)
        given_up, _ = await rows(app)
        assert (given_up.status, given_up.last_error) == (MailStatus.FAILED, "no attempt was ended")
        assert len(mailbox.received) == 1

    async def test_one_given_up_can_be_tried_again(self, app, booking, mailbox):
        mailbox.answer = "554 never"
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        mailbox.answer = "250 OK"
        async with app.state.runtime.db.transaction() as session:
            assert [mail.last_error for mail in await Mails(session).unsent(MailStatus.FAILED, 1)] != [None]
            assert await Mails(session).revive() == 2
        await run_jobs(app)
        assert len(mailbox.received) == 2

    async def test_two_processes_send_each_mail_once(self, app, booking, mailbox):
        for _ in range(15):
            await deliver(app, BookingConfirmed(booking=booking(id=new_id())))
        runtime = app.state.runtime
        await asyncio.gather(*(send_awaited_mails(runtime) for _ in range(4)))
        assert len({mail["Message-ID"] for mail in mailbox.received}) == len(mailbox.received) == 30

    async def test_one_that_was_sent_and_not_recorded_goes_again_under_the_same_id(self, app, booking, mailbox):
        await deliver(app, BookingConfirmed(booking=booking()))
        await run_jobs(app)
        for mail in await rows(app):
            await change(app, mail, status="pending", sent_at=None, next_try_at=machine_now() - timedelta(seconds=1))
        await run_jobs(app)
        assert len(mailbox.received) == 4
        assert len({mail["Message-ID"] for mail in mailbox.received}) == 2

    async def test_nothing_goes_to_a_person_who_was_erased_while_it_waited(self, app, booking, mailbox, client_id):
        await deliver(app, BookingConfirmed(booking=booking()))
        await erase(app, client_id)
        await run_jobs(app)
        assert [mail["To"] for mail in mailbox.received] == ["seller@example.org"]
        assert "booked by a client" in text_of(mailbox.received[0])
        assert "Cleo" not in str(mailbox.received[0])
