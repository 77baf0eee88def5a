"""The way out for mail: SMTP, as plain text, with a Message-ID that stays the same when a mail is sent again."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.header import Header
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

import aiosmtplib

from services.notifications.texts import Email

TIMEOUT_SECONDS = 15
SEND_SECONDS = 45  # less than the lease of a mail
KEPT_SECONDS, ASKED_AFTER_SECONDS = 60.0, 5.0
SMTP_ERRORS = (aiosmtplib.SMTPException, OSError, asyncio.IncompleteReadError)
TEMPORARY, PERMANENT, NO_CODE = 400, 500, 600


class Headers(HeaderRegistry):
    """The standard library's, which makes a class for every header that is set, and parses it: here once for each name
    and for each value that comes again, such as the sender."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}
        self._parsed = lru_cache(HEADERS_KEPT)(super().__call__)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]

    def __call__(self, name: str, value: Any) -> Any:
        """The header, which nothing changes any more."""
        return self._parsed(name, value)


PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
LONGEST_PLAIN = 60
HEADERS_KEPT = 1000
OURS = {"Date", "Message-ID", "Auto-Submitted"}  # no person's text
STRUCTURED = {"from", "to", "mime-version", "content-type", "content-transfer-encoding"}


def encoded(text: str) -> str:
    """A header's value that holds a person's text: plain where it is short ASCII, else encoded as a whole.

    What looks like an encoded word is text too, and comes back as it was written, spaces included.
    """
    if len(text) <= LONGEST_PLAIN and "=?" not in text and PLAIN.fullmatch(text):
        return text
    return Header(text, "utf-8", header_name="Subject").encode()


class MailPolicy(policy.EmailPolicy):
    """The standard library's for headers with a structure; all others are encoded by us and never parsed again."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Stores those as they will be sent."""
        if name in OURS:
            return name, value
        return super().header_store_parse(name, value) if name.lower() in STRUCTURED else (name, encoded(value))


POLICY = MailPolicy(header_factory=Headers())


class NotSent(Exception):
    """The server did not take the mail; `permanent` when trying again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Mailer:
    """An SMTP server, by URL.

    `smtp://[user:password@]host[:port]` upgrades to TLS where the server offers it, `smtp+starttls://` demands that,
    `smtps://` speaks TLS from the first byte.
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
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
        self._idle: list[Outbound] = []

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["Outbound"]:
        """A connection for several mails, kept afterwards for the next who asks.

        Raises aiosmtplib.SMTPException or OSError where there is none to be had.
        """
        outbound = await self._kept() or await self._opened()
        try:
            yield outbound
        except BaseException:
            outbound.close()
            raise
        outbound.rest()
        if outbound.usable():
            self._idle.append(outbound)

    def close_idle(self, older_than: float = KEPT_SECONDS) -> None:
        """Closes the connections that nobody has used for so many seconds."""
        for outbound in [one for one in self._idle if one.rested() >= older_than]:
            self._idle.remove(outbound)
            outbound.close()

    async def stop(self) -> None:
        """Closes what is kept."""
        self.close_idle(older_than=0)

    async def _kept(self) -> "Outbound | None":
        self.close_idle()
        while self._idle:
            outbound = self._idle.pop()
            if await outbound.answers():
                return outbound
        return None

    async def _opened(self) -> "Outbound":
        client = aiosmtplib.SMTP(
            hostname=self._url.hostname,
            port=self._url.port,
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=self._url.scheme == "smtps",
            start_tls=True if self._url.scheme == "smtp+starttls" else None,
            timeout=self._timeout,
        )
        await client.connect()
        return Outbound(client, self)

    def message(self, mail_id: UUID, address: str, letter: Email) -> EmailMessage:
        """The mail as it goes over the wire; raises ValueError for an address that no header can hold."""
        message = EmailMessage(POLICY)
        message["From"], message["To"] = self._sender, address
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{mail_id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message


class Outbound:
    """An open connection."""

    def __init__(self, client: aiosmtplib.SMTP, mailer: Mailer) -> None:
        self._client, self._mailer = client, mailer
        self._rests_since = time.monotonic()

    async def send(self, mail_id: UUID, address: str, letter: Email) -> None:
        """Hands the mail to the server; raises NotSent."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._client.send_message(self._mailer.message(mail_id, address, letter))
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise NotSent(str(error), permanent=all(r.code >= PERMANENT for r in error.recipients)) from error
        except aiosmtplib.SMTPSenderRefused as error:  # the sender is ours, and refusing it says nothing of this mail
            raise NotSent(str(error), permanent=False) from error
        except aiosmtplib.SMTPResponseException as error:
            if not TEMPORARY <= error.code < NO_CODE:  # no answer of SMTP: what comes next would be misread
                self.close()
            raise NotSent(str(error), permanent=PERMANENT <= error.code < NO_CODE) from error
        except SMTP_ERRORS as error:
            self.close()
            raise NotSent(repr(error), permanent=False) from error
        except ValueError as error:
            raise NotSent(str(error), permanent=True) from error

    def usable(self) -> bool:
        """Whether the connection is still open."""
        return self._client.is_connected

    async def answers(self) -> bool:
        """Whether the server is still there; one that rested only a moment is not asked."""
        if self.usable() and self.rested() > ASKED_AFTER_SECONDS:
            try:
                await self._client.noop()
            except SMTP_ERRORS:
                self.close()
        return self.usable()

    def rest(self) -> None:
        """Nobody uses it from now on."""
        self._rests_since = time.monotonic()

    def rested(self) -> float:
        """For how many seconds nobody has used it."""
        return time.monotonic() - self._rests_since

    def close(self) -> None:
        """Ends it at once."""
        self._client.close()
