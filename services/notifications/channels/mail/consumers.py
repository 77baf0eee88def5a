"""Mails that other services ask for, and whether a person wants news and offers by mail."""

from typing import Any

from services.notifications.channels.mail.domain import Lane
from services.notifications.channels.mail.repository import Mails
from services.notifications.channels.mail.token_mails import template_of
from services.notifications.handlers import Handlers
from services.notifications.preferences.domain import MARKETING, MARKETING_PURPOSES
from services.notifications.preferences.repository import MarketingConsents
from shared.database.session import Session
from shared.events.identity import ConsentRecorded, MailTokenIssued
from shared.runtime import Runtime


async def mail_token_issued(runtime: Runtime, session: Session, event: MailTokenIssued) -> None:
    """Stores that a mail is to be sent, whatever the person chose to get: it is about the security of the account."""
    mail: dict[str, Any] = {
        "user_id": None,
        "mail_token_id": event.mail_token_id,
        "cause": f"mail_token:{event.mail_token_id}",
        "template": template_of(event.kind),
        "params": {},
        "about": None,
        "lane": Lane.AWAITED,
        "booking_id": None,
        "useful_until": None,
        "created_at": session.now(),
    }
    await Mails(session).add_once([mail])
    session.wake_jobs_after_commit("send_awaited_mails")


async def consent_recorded(runtime: Runtime, session: Session, event: ConsentRecorded) -> None:
    """Keeps what people decide about news and offers; without consent those that wait are not sent."""
    if event.purpose not in MARKETING_PURPOSES.values() or event.scope_id is not None:
        return
    is_given = event.decision == "given"
    newest = await MarketingConsents(session).put(event.user_id, event.purpose, event.consent_id, is_given=is_given)
    if newest and not is_given:
        await Mails(session).drop(event.user_id, templates=MARKETING)


CONSUMERS: Handlers = {MailTokenIssued: mail_token_issued, ConsentRecorded: consent_recorded}
