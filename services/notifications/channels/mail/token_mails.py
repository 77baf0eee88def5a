"""Mails with a token: what the service that asked for one answers becomes address and text. Nothing of it is stored."""

from services.notifications.settings import Settings
from services.notifications.templates.domain import Email
from services.notifications.templates.service import render_security_email
from shared.internal.identity import InternalMail
from shared.records.times import render_utc


def template_of(kind: str) -> str:
    """The template of mails of that kind."""
    return f"account.{kind}"


def render_token_mail(due: InternalMail, settings: Settings) -> tuple[str, Email]:
    """Address and text. A link names the page of its kind, with the token."""
    params = {"until": render_utc(due.expires_at), "account_address": due.account_address}
    if due.token is not None:
        params["link"] = f"{settings.account_pages}/{due.kind.replace('_', '-')}?token={due.token}"
    zone = due.timezone or "UTC"
    return due.address, render_security_email(template_of(due.kind), params, due.first_name, zone, due.expires_at)
