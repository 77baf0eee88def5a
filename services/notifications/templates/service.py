"""Renders texts."""

from datetime import datetime
from string import Template

from services.notifications.templates.domain import Email, Params, RenderedText, values_of, zone_of
from services.notifications.templates.texts import TEXTS

SIGNATURE = "Estuary\nYou choose what reaches you by mail under notification preferences."

SECURITY_SIGNATURE = "Estuary\nThis mail is about the security of your account, so that it is always sent."


def render(template: str, params: Params, timezone: str, now: datetime) -> RenderedText:
    """That template with its parameters, times in that IANA zone (UTC where it is unknown), as it is true at `now`."""
    text = TEXTS[template]
    values = values_of(params, zone_of(timezone), now)
    title = " ".join(Template(text.title).substitute(values).split())
    return RenderedText(title, Template(text.body).substitute(values).strip())


def render_email(template: str, params: Params, first_name: str, timezone: str, now: datetime) -> Email:
    """The same text as a mail."""
    text = render(template, params, timezone, now)
    return _addressed(text, first_name, SIGNATURE)


def render_security_email(template: str, params: Params, first_name: str, timezone: str, now: datetime) -> Email:
    """The same for a mail that nobody can switch off."""
    return _addressed(render(template, params, timezone, now), first_name, SECURITY_SIGNATURE)


def _addressed(text: RenderedText, first_name: str, signature: str) -> Email:
    greeting = f"Hello {first_name}," if first_name else "Hello,"
    return Email(text.title, f"{greeting}\n\n{text.body}\n\n{signature}\n")


def names_in(template: str) -> set[str]:
    """Which of the sides of a booking that template names."""
    return {"client", "practitioner"} & {*Template(TEXTS[template].body).get_identifiers()}
