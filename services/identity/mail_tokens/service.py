"""Use cases of mails with tokens: ask for one, and read the token that comes back."""

from datetime import timedelta
from uuid import UUID

from services.identity.mail_tokens.domain import MAILS_AN_HOUR, NOTICE_LIFE, RATIONED, SUPERSEDED_BY_NEXT, MailKind
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.mail_tokens.models import MailToken
from services.identity.mail_tokens.repository import MailTokens
from shared.database.sealing import Sealing
from shared.database.session import Session
from shared.database.throttle import Limit, Throttle
from shared.events.identity import MailTokenIssued
from shared.messaging.outbox import emit
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.records.mail_tokens import row_of

HOUR = timedelta(hours=1)
LIMITS = dict.fromkeys(RATIONED, Limit("mails", MAILS_AN_HOUR, HOUR))
LIMITS[MailKind.EMAIL_CHANGE_REQUESTED] = Limit("change notices", MAILS_AN_HOUR, HOUR)
"""The notice is counted apart: who has other mails sent first would keep it from the owner of the account."""


async def issue(
    session: Session,
    kind: MailKind,
    user_id: UUID,
    address: str,
    life: timedelta = NOTICE_LIFE,
    *,
    session_id: UUID | None = None,
) -> None:
    """A mail to that address, sent after the commit, which takes the place of an older one; none where the address got
    enough of them."""
    if await may_be_sent(session, kind, address):
        mail = await request(session, kind, address, life, user_id=user_id, session_id=session_id)
        await announce(session, mail, user_id)


async def request(
    session: Session,
    kind: MailKind,
    address: str,
    life: timedelta,
    *,
    user_id: UUID | None = None,
    session_id: UUID | None = None,
) -> MailToken:
    """Stores that a mail was asked for. Whether it is sent is decided later: the same work for every address."""
    now = machine_now()
    mail = MailToken(kind=kind, address=address, user_id=user_id, session_id=session_id)
    mail.created_at, mail.expires_at = now, now + life
    await MailTokens(session).add(mail)
    return mail


async def issue_to_address(session: Session, kind: MailKind, address: str, life: timedelta) -> MailToken:
    """A mail to whoever has that address, with or without an account, sent after the commit."""
    mail = await request(session, kind, address, life)
    mail.announced_at = mail.created_at
    emit(session, MailTokenIssued(mail_token_id=mail.id, kind=kind))
    return mail


async def issue_last(session: Session, sealing: Sealing, user_id: UUID, recipient: bytes) -> None:
    """The last mail to somebody who was erased: `recipient` is JSON with address, first_name and timezone."""
    now, mail_id = machine_now(), new_id()
    mail = MailToken(id=mail_id, kind=MailKind.ACCOUNT_ERASED, user_id=user_id, address="")
    mail.created_at, mail.expires_at = now, now + NOTICE_LIFE
    mail.recipient = sealing.seal(recipient, MailToken.recipient, mail_id)
    await MailTokens(session).add(mail)
    await announce(session, mail, user_id)


async def may_be_sent(session: Session, kind: MailKind, address: str) -> bool:
    """Counts a mail to that address; False where it got enough within the hour."""
    limit = LIMITS.get(kind)
    return limit is None or await Throttle(session).allows(limit, address.lower())


async def announce(session: Session, mail: MailToken, user_id: UUID) -> None:
    """Has that account's mail sent, and voids the older one of its kind."""
    if mail.kind in SUPERSEDED_BY_NEXT:
        await MailTokens(session).supersede(user_id, [mail.kind], but=mail.id)
    mail.user_id, mail.announced_at = user_id, machine_now()
    emit(session, MailTokenIssued(mail_token_id=mail.id, kind=mail.kind))


def read_token(key: bytes, kind: MailKind, token: str) -> UUID:
    """The id of the mail in which that token was; raises TokenInvalid for one of another kind, or of none."""
    mail_id = row_of(key, kind, token)
    if mail_id is None:
        raise TokenInvalid
    return mail_id
