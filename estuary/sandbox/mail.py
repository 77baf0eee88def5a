"""The mail sandbox: a real SMTP server that keeps mails in files, and a page to read them."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html import escape
from itertools import islice
from pathlib import Path

import orjson
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.requests import Request
from starlette.responses import Response

from estuary.sandbox.pages import page, paragraph
from estuary.sandbox.records import Record, Records
from shared.records.times import render_utc

MOST_KEPT = 10_000
MOST_SHOWN = 200
LARGEST_MAIL = 10 * 1024 * 1024
ENVELOPE_TO, RECEIVED_AT = "X-Envelope-To", "X-Received-At"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is kept; `sent_at` is business time. A header that comes twice has a comma between its values."""

    to: str
    subject: str
    text: str
    sent_at: str
    html: str | None
    headers: dict[str, str]
    attachments: list[dict[str, str]]


class Kept:
    """A mail of the mailbox; it is parsed when it is read first."""

    def __init__(self, record: Record) -> None:
        """Reads nothing yet."""
        self._record = record
        self._mail: Mail | None = None

    @property
    def mail(self) -> Mail:
        """What a person reads of it."""
        if self._mail is None:
            self._mail = read(self._record.read())
        return self._mail


class Mailbox:
    """Mails in files under one folder, the newest ten thousand; also an aiosmtpd handler."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        """`now` is business time. Reads nothing until `load`."""
        self._now = now
        self._records = Records(folder)
        self._mails: deque[Kept] = deque(maxlen=MOST_KEPT)

    def load(self) -> None:
        """Makes the folder and finds the mails in it."""
        self._mails.extend(map(Kept, self._records.load()))

    def newest(self, count: int | None = None) -> list[Mail]:
        """Mails, newest first; all of them without a number."""
        return [kept.mail for kept in islice(reversed(self._mails), count)]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps what SMTP delivered; the answer says so only when it is in the file."""
        self.keep(envelope.rcpt_tos, envelope.original_content or b"")
        return "250 OK: kept"

    def keep(self, recipients: list[str], raw: bytes) -> None:
        """Writes the mail behind two headers of our own: who really gets it, and when."""
        head = f"{ENVELOPE_TO}: {', '.join(recipients)}\r\n{RECEIVED_AT}: {render_utc(self._now())}\r\n"
        self._mails.append(Kept(self._records.append(head.encode() + raw)))

    def close(self) -> None:
        """Closes the file that is written to."""
        self._records.close()


def read(kept: bytes) -> Mail:
    """The parts of a kept mail that a person reads; `to` is who really gets it.

    The standard library's parser of headers fails on some that are malformed: those are shown as they came.
    """
    try:
        return _parsed(message_from_bytes(kept, policy=policy.default))
    except Exception:
        return _as_it_came(kept)


def _as_it_came(kept: bytes) -> Mail:
    message = message_from_bytes(kept, policy=policy.compat32)
    headers = {name: str(value) for name, value in message.items()}
    to, sent_at = headers.pop(ENVELOPE_TO, ""), headers.pop(RECEIVED_AT, "")
    text = kept.partition(b"\r\n\r\n")[2].decode(errors="replace").strip()
    return Mail(to, headers.get("Subject", ""), text, sent_at, None, headers, [])


def _parsed(message: EmailMessage) -> Mail:
    to, subject, sent_at = (str(message.get(name, "")) for name in (ENVELOPE_TO, "Subject", RECEIVED_AT))
    html = message.get_body(("html",))
    attachments = [_attachment(part) for part in message.iter_attachments() if isinstance(part, MIMEPart)]
    text = _text(message.get_body(("plain", "html")))
    return Mail(to, subject, text, sent_at, _text(html) if html else None, _headers(message), attachments)


def _headers(message: EmailMessage) -> dict[str, str]:
    """As the sender wrote them, decoded."""
    names = dict.fromkeys(name for name in message if name not in {ENVELOPE_TO, RECEIVED_AT})
    return {name: ", ".join(map(str, message.get_all(name, []))) for name in names}


def _attachment(part: MIMEPart) -> dict[str, str]:
    """The text of one that is no text is empty."""
    text = _text(part) if part.get_content_maintype() == "text" else ""
    return {"filename": part.get_filename() or "", "content_type": part.get_content_type(), "text": text}


def _text(part: MIMEPart | None) -> str:
    try:
        return "" if part is None else str(part.get_content()).strip()
    except (LookupError, UnicodeError, KeyError):
        return ""


class SmtpServer:
    """The SMTP server, in this process's own event loop."""

    def __init__(self, mailbox: Mailbox, host: str, port: int) -> None:
        """Port 0 lets the system choose. Opens nothing until `start`."""
        self.mailbox, self.host, self.port = mailbox, host, port
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Loads the mailbox and listens."""
        await asyncio.to_thread(self.mailbox.load)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: self._protocol(loop), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def _protocol(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        return SMTP(
            self.mailbox,
            hostname="estuary",
            ident="Estuary mail sandbox",
            enable_SMTPUTF8=True,
            data_size_limit=LARGEST_MAIL,
            loop=loop,
        )

    async def stop(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
            self.mailbox.close()


async def mails(request: Request) -> Response:
    """GET /sandbox/mail/: a page, or with `Accept: application/json` every mail, newest first."""
    mailbox: Mailbox = request.app.state.mailbox
    if _wants_json(request):
        found = [asdict(mail) for mail in mailbox.newest()]
        return Response(orjson.dumps(found), headers={"Vary": "Accept"}, media_type="application/json")
    shown = "".join(_article(mail) for mail in mailbox.newest(MOST_SHOWN))
    response = page("Mail", shown or paragraph("No mail yet."))
    response.headers["Vary"] = "Accept"
    return response


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def _article(mail: Mail) -> str:
    head = f"<h2>{escape(mail.subject)}</h2><p class=by>to {escape(mail.to)}, {escape(mail.sent_at)}</p>"
    return f"<article>{head}<pre>{escape(mail.text)}</pre></article>\n"
