"""Mail servers whose TLS is missing, stripped or not theirs: nothing is handed to them, and the reason can be read."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.notifications.channels.mail.errors import SMTP_ERRORS
from services.notifications.channels.mail.smtp import Mailer
from services.notifications.templates.domain import Email
from shared.records.ids import new_id
from shared.tests.test_tls import certificate


class TlsServer:
    """Offers STARTTLS, or hides it; says more than its answer before TLS begins; refuses or takes a login."""

    def __init__(self, context: ssl.SSLContext | None, *, offers: bool = True, behind_220: bytes = b"") -> None:
        self.context, self.offers, self.behind_220 = context, offers, behind_220
        self.login = b"235 welcome"
        self.commands = list[tuple[bool, bytes]]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        encrypted = False
        writer.write(b"220 here\r\n")
        try:
            while line := await reader.readline():
                command = line.strip().upper().split()[0]
                self.commands.append((encrypted, command))
                if command == b"STARTTLS" and self.context is not None:
                    writer.write(b"220 go\r\n" + self.behind_220)
                    await writer.drain()
                    await writer.start_tls(self.context)
                    encrypted = True
                else:
                    writer.write(self._answer(command, encrypted))
                if command == b"DATA":
                    await reader.readuntil(b"\r\n.\r\n")
                    writer.write(b"250 OK\r\n")
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has left, or the test is over
        writer.close()

    def _answer(self, command: bytes, encrypted: bool) -> bytes:
        if command == b"EHLO":
            offered = [b"here", b"AUTH PLAIN", *([b"STARTTLS"] if self.offers and not encrypted else [])]
            return b"".join(b"250-" + each + b"\r\n" for each in offered) + b"250 SIZE 1000000\r\n"
        answers = {b"AUTH": self.login, b"DATA": b"354 go", b"STARTTLS": b"502 not here"}
        return answers.get(command, b"250 OK") + b"\r\n"


@asynccontextmanager
async def mailer(server: TlsServer, url: str) -> AsyncIterator[Mailer]:
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        sender = Mailer(url.format(port), "Estuary <estuary@example.org>", timeout=2)
        yield sender
        await sender.stop()


@pytest.fixture
def context(tmp_path: Path) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(*certificate(tmp_path))
    return made


@pytest.fixture
def trusted(tmp_path: Path, context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The same, known to this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    return context


async def refusal(server: TlsServer, url: str) -> str:
    async with mailer(server, url) as sender:
        with pytest.raises(SMTP_ERRORS) as refused:
            async with sender.connection():
                pass
    assert not {b"AUTH", b"MAIL", b"DATA"} & {command for encrypted, command in server.commands if not encrypted}
    return str(refused.value)


async def test_where_starttls_is_demanded_and_not_offered_nothing_is_sent(context):
    server = TlsServer(context, offers=False)
    assert "STARTTLS" in await refusal(server, "smtp+starttls://estuary:hunter2@localhost:{}")


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls"])
async def test_a_certificate_that_nobody_knows_is_refused(context, scheme: str):
    assert "certificate" in (await refusal(TlsServer(context), scheme + "://estuary:hunter2@localhost:{}")).lower()


async def test_a_certificate_of_another_name_is_refused(trusted):
    assert "127.0.0.1" in await refusal(TlsServer(trusted), "smtp+starttls://estuary:hunter2@127.0.0.1:{}")


async def test_a_server_in_the_clear_is_no_server_of_smtps(context):
    assert await refusal(TlsServer(context), "smtps://estuary:hunter2@localhost:{}")


async def test_what_came_in_the_clear_behind_the_answer_to_starttls_is_not_read(trusted):
    server = TlsServer(trusted, behind_220=b"250-STARTTLS\r\n250-AUTH LOGIN\r\n250 injected\r\n")
    async with mailer(server, "smtp+starttls://estuary:hunter2@localhost:{}") as sender, sender.connection() as one:
        await one.send(new_id(), "ana@example.org", Email("Hello", "text"))
    assert (True, b"DATA") in server.commands


async def test_a_login_that_is_refused_says_so_without_the_password(trusted):
    server = TlsServer(trusted)
    server.login = b"535 5.7.8 no such login"
    said = await refusal(server, "smtp+starttls://estuary:hunter2@localhost:{}")
    assert "535" in said
    assert "hunter2" not in said
