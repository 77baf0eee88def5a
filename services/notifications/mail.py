"""The way out for mail: SMTP, as plain text, with a Message-ID that stays the same when a mail is sent again."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.header import Header
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

import aiosmtplib

from services.notifications.texts import Letter

TIMEOUT_SECONDS = 15
PERMANENT = 500


class Headers(HeaderRegistry):
    """The standard library's, which makes a class for every header that is set: here once for each name."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
LONGEST_PLAIN = 60


def encoded(text: str) -> str:
    """A header's value that holds a person's text: plain where it is short ASCII, else encoded as a whole.

    What looks like an encoded word is text too, and comes back as it was written, spaces included.
    """
    if len(text) <= LONGEST_PLAIN and "=?" not in text and PLAIN.fullmatch(text):
        return text
    return Header(text, "utf-8", header_name="Subject").encode()


class MailPolicy(policy.EmailPolicy):
    """The standard library's, but for the subject: it is encoded by us, and neither read nor folded anew."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Stores the subject as it will be sent."""
        return (name, encoded(value)) if name == "Subject" else super().header_store_parse(name, value)


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

    def __init__(self, url: str, sender: str) -> None:
        """`sender` is the From line, `Name <address>`."""
        self._url: SplitResult = urlsplit(url)
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["Outbound"]:
        """A connection for several mails; raises aiosmtplib.SMTPException or OSError where there is none."""
        client = aiosmtplib.SMTP(
            hostname=self._url.hostname,
            port=self._url.port,
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            use_tls=self._url.scheme == "smtps",
            start_tls=True if self._url.scheme == "smtp+starttls" else None,
            timeout=TIMEOUT_SECONDS,
        )
        async with client:
            yield Outbound(client, self)

    def message(self, mail_id: UUID, address: str, letter: Letter) -> EmailMessage:
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

    async def send(self, mail_id: UUID, address: str, letter: Letter) -> None:
        """Hands the mail to the server; raises NotSent."""
        try:
            await self._client.send_message(self._mailer.message(mail_id, address, letter))
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise NotSent(str(error), permanent=all(r.code >= PERMANENT for r in error.recipients)) from error
        except aiosmtplib.SMTPResponseException as error:
            raise NotSent(str(error), permanent=error.code >= PERMANENT) from error
        except (aiosmtplib.SMTPException, OSError, asyncio.IncompleteReadError) as error:
            raise NotSent(repr(error), permanent=False) from error
        except ValueError as error:
            raise NotSent(str(error), permanent=True) from error

    def usable(self) -> bool:
        """Whether the connection is still open."""
        return self._client.is_connected
