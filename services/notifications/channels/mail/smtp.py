"""Connections to the mail server."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

import aiosmtplib

from services.notifications.channels.mail.errors import SMTP_ERRORS, MailNotSent
from services.notifications.channels.mail.message import make_message
from services.notifications.templates.domain import Email
from shared.records.mail_sender import domain_of

TIMEOUT_SECONDS = 15
SEND_SECONDS = 45  # less than the lease of a mail
KEPT_SECONDS, PROBE_AFTER_SECONDS = 60.0, 5.0
TEMPORARY, PERMANENT, NO_CODE = 400, 500, 600


class Mailer:
    """An SMTP server, by URL.

    `smtp://[user:password@]host[:port]` upgrades to TLS where the server offers it, `smtp+starttls://` demands that,
    `smtps://` speaks TLS from the first byte. The greeting names the sender's domain: the machine's name is a
    container's, and servers that want a fully qualified one would refuse every mail.
    """

    def __init__(self, url: str, sender: str, connections: int = 8, timeout: float = TIMEOUT_SECONDS) -> None:
        """`sender` is the From line, `Name <address>`; a quarter of the connections is for the first lane alone.

        `timeout` is how many seconds the server has for each answer.
        """
        self._timeout = timeout
        self.first_lane = max(1, connections // 4)
        self.all_lanes = connections - self.first_lane
        self._url: SplitResult = urlsplit(url)
        self._sender = sender
        self._idle: list[SmtpConnection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["SmtpConnection"]:
        """A connection for several mails, kept open afterwards; raises SMTP_ERRORS where none can be opened."""
        connection = await self._reused() or await self._opened()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        connection.mark_idle()
        if connection.usable():
            self._idle.append(connection)

    def close_idle(self, older_than: float = KEPT_SECONDS) -> None:
        """Closes the connections that were not used for so many seconds."""
        for connection in [one for one in self._idle if one.idle_seconds() >= older_than]:
            self._idle.remove(connection)
            connection.close()

    async def stop(self) -> None:
        """Closes the connections that are kept open."""
        self.close_idle(older_than=0)

    async def _reused(self) -> "SmtpConnection | None":
        self.close_idle()
        while self._idle:
            connection = self._idle.pop()
            if await connection.is_alive():
                return connection
        return None

    async def _opened(self) -> "SmtpConnection":
        client = aiosmtplib.SMTP(
            hostname=self._url.hostname,
            port=self._url.port,
            local_hostname=domain_of(self._sender),
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=self._url.scheme == "smtps",
            start_tls=True if self._url.scheme == "smtp+starttls" else None,
            timeout=self._timeout,
        )
        await client.connect()
        return SmtpConnection(client, self._sender)


class SmtpConnection:
    """An open connection."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str) -> None:
        self._client, self._sender = client, sender
        self._idle_since = time.monotonic()
        self.seconds_a_mail = 0.0
        """How long the server needed for the latest one."""

    async def send(self, mail_id: UUID, address: str, email: Email) -> None:
        """Hands the mail to the server; raises MailNotSent."""
        began = time.monotonic()
        try:
            await self._send(mail_id, address, email)
        finally:
            self.seconds_a_mail = time.monotonic() - began

    async def _send(self, mail_id: UUID, address: str, email: Email) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._client.send_message(make_message(mail_id, self._sender, address, email))
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise MailNotSent(str(error), permanent=all(r.code >= PERMANENT for r in error.recipients)) from error
        except aiosmtplib.SMTPSenderRefused as error:  # the sender is ours, and refusing it says nothing of this mail
            raise MailNotSent(str(error), permanent=False) from error
        except aiosmtplib.SMTPResponseException as error:
            if not TEMPORARY <= error.code < NO_CODE:  # no answer of SMTP: what comes next would be misread
                self.close()
            raise MailNotSent(str(error), permanent=PERMANENT <= error.code < NO_CODE) from error
        except aiosmtplib.SMTPNotSupported as error:  # an address beyond ASCII, and a server that takes none
            raise MailNotSent(str(error), permanent=True) from error
        except SMTP_ERRORS as error:
            self.close()
            raise MailNotSent(repr(error), permanent=False) from error
        except ValueError as error:
            raise MailNotSent(str(error), permanent=True) from error

    def usable(self) -> bool:
        """Whether the connection is still open."""
        return self._client.is_connected

    async def is_alive(self) -> bool:
        """Whether the server is still there; one that was used a moment ago is not asked."""
        if self.usable() and self.idle_seconds() > PROBE_AFTER_SECONDS:
            try:
                await self._client.noop()
            except SMTP_ERRORS:
                self.close()
        return self.usable()

    def mark_idle(self) -> None:
        """It is not used from now on."""
        self._idle_since = time.monotonic()

    def idle_seconds(self) -> float:
        """For how many seconds it was not used."""
        return time.monotonic() - self._idle_since

    def close(self) -> None:
        """Ends it at once."""
        self._client.close()
