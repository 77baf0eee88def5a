"""Use cases of mails: describe one that is due, and decide about those that were asked for."""

from typing import Any
from uuid import UUID

import orjson

from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.mail_tokens.domain import TOKENS, MailKind
from services.identity.mail_tokens.models import MailToken
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mail_tokens.service import announce, issue, may_be_sent
from shared.database.sealing import Sealing
from shared.database.session import Session
from shared.errors import NotFound
from shared.internal.identity import InternalMail
from shared.records.clock import machine_now
from shared.records.mail_tokens import mail_token


async def describe(session: Session, key: bytes, sealing: Sealing, mail_id: UUID) -> InternalMail:
    """The mail as it is to be sent now; NotFound where it is void, or its account is not in use any more."""
    mail = await MailTokens(session).find(mail_id)
    if mail is None or mail.is_void or (mail.user_id is None and mail.kind is not MailKind.ACCEPT_INVITATION):
        raise NotFound("There is no such mail, or it is not due any more.")
    if mail.recipient is not None:
        return _to_nobody_here(mail, orjson.loads(sealing.open(mail.recipient, MailToken.recipient, mail.id)))
    token = mail_token(key, mail.kind, mail.id) if mail.kind in TOKENS else None
    if mail.user_id is None:
        return _to_nobody_here(mail, {"address": mail.address, "first_name": "", "timezone": None}, token)
    user = await Users(session).get_active(mail.user_id)
    return InternalMail.showing(
        mail,
        mail_token_id=mail.id,
        account_address=user.email,
        first_name=user.first_name,
        timezone=user.timezone,
        token=token,
    )


def _to_nobody_here(mail: MailToken, recipient: dict[str, Any], token: str | None = None) -> InternalMail:
    """A mail to somebody who has no account any more, or none yet."""
    address = recipient["address"]
    return InternalMail(
        mail_token_id=mail.id,
        kind=mail.kind,
        address=address,
        account_address=address,
        first_name=recipient["first_name"],
        timezone=recipient["timezone"],
        token=token,
        expires_at=mail.expires_at,
    )


async def decide(session: Session, mail_id: UUID) -> bool:
    """Finds out whose the address is, and has the right mail sent, or none; False where that was done already."""
    mail = await MailTokens(session).lock_unannounced(mail_id)
    if mail is None:
        return False
    owner = await _owner_of(session, mail.address)
    if mail.kind is MailKind.RESET_PASSWORD:
        await _decide_reset(session, mail, owner)
    else:
        await _decide_change(session, mail, owner)
    return True


async def _owner_of(session: Session, address: str) -> User | None:
    owner = await Users(session).find_by_email(address)
    return None if owner is None or owner.deactivated_at is not None else owner


async def _decide_reset(session: Session, mail: MailToken, owner: User | None) -> None:
    if owner is None or not await may_be_sent(session, mail.kind, owner.email):
        await MailTokens(session).remove(mail)
        return
    mail.address = owner.email
    await announce(session, mail, owner.id)


async def _decide_change(session: Session, mail: MailToken, owner: User | None) -> None:
    """An address that is taken gets no link: its owner learns that somebody asked for it."""
    user_id = _account_of(mail)
    reserved = owner is not None or await MailTokens(session).is_reserved(mail.address, but_for=user_id)
    if not reserved and await may_be_sent(session, mail.kind, mail.address):
        await announce(session, mail, user_id)
        return
    mail.announced_at = mail.superseded_at = machine_now()
    if owner is not None:
        await issue(session, MailKind.EMAIL_TAKEN, owner.id, owner.email)


def _account_of(mail: MailToken) -> UUID:
    assert mail.user_id is not None, "only a reset is asked for without an account (ck_mail_tokens_user)"
    return mail.user_id
