"""A mail as bytes: plain text, with headers that stay what they were meant to be, whatever a person's text holds."""

import re
from email import policy
from email.header import Header
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import formatdate
from functools import lru_cache
from typing import Any
from uuid import UUID

from email_validator import validate_email

from services.notifications.templates.domain import Email, Invite
from shared.records.mail_sender import domain_of


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
    """A header's value that may hold a person's text: plain where it is short ASCII, else encoded as a whole.

    What looks like an encoded word is text too, and is read as it was written, spaces included.
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


def deliverable(address: str) -> str:
    """The address with its domain as mail servers know it, in ASCII; ValueError where it has no such form.

    `mia@bücher.example` is `mia@xn--bcher-kva.example` to a server, which need not know of SMTPUTF8 for it.
    """
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    checked = validate_email(f"local@{domain}", check_deliverability=False, test_environment=True)
    return f"{local}@{checked.ascii_domain}"


def make_message(mail_id: UUID, sender: str, address: str, email: Email) -> EmailMessage:
    """The mail as it is sent; raises ValueError for an address that no header can hold.

    Its Message-ID follows from `mail_id` and the sender's domain, so it stays the same when a mail is sent again.
    """
    message = EmailMessage(POLICY)
    address = deliverable(address)
    message["From"], message["To"] = sender, address
    if "=?" in address or [each.addr_spec for each in message["To"].addresses] != [address]:
        raise ValueError("a header would change this address")
    message["Subject"] = email.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{mail_id}@{domain_of(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text)
    if email.invite is not None:
        _attach(message, email.invite)
    return message


def _attach(message: EmailMessage, invite: Invite) -> None:
    """The method stands in the part's header too, else it is a file and no invitation (BK-12)."""
    params = {"method": invite.method, "charset": "utf-8"}
    message.add_attachment(invite.contents, "text", "calendar", filename="invite.ics", params=params)
