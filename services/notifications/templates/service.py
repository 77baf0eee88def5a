"""Renders texts."""

from datetime import datetime
from string import Template

from services.notifications.templates.domain import Email, Params, RenderedText, values_of, zone_of
from services.notifications.templates.texts import TEXTS

SIGNATURE = "Estuary\nYou choose what reaches you by mail under notification preferences."


def render(template: str, params: Params, timezone: str, now: datetime) -> RenderedText:
    """That template with its parameters, times in that IANA zone (UTC where it is unknown), as it is true at `now`."""
    text = TEXTS[template]
    values = values_of(params, zone_of(timezone), now)
    title = " ".join(Template(text.title).substitute(values).split())
    return RenderedText(title, Template(text.body).substitute(values).strip())


def render_email(template: str, params: Params, first_name: str, timezone: str, now: datetime) -> Email:
    """The same text as a mail."""
    text = render(template, params, timezone, now)
    return Email(text.title, f"Hello {first_name},\n\n{text.body}\n\n{SIGNATURE}\n")


def names_in(template: str) -> set[str]:
    """Which of the sides of a booking that template names."""
    return {"client", "practitioner"} & {*Template(TEXTS[template].body).get_identifiers()}
