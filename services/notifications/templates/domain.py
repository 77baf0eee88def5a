"""What a text is, and how times are written in it: in the reader's own zone, which is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Params = Mapping[str, str]
"""What a text is filled with: names to values. Times are ISO 8601 in UTC until they are rendered."""

ZONE = "zone"
"""The parameter that names the IANA zone for a reader who has not named their own."""
TIMES = frozenset({"start", "previous_start", "wanted_start", "until"})
OPTIONAL = {"why": "", "practitioner": "the practitioner", "client": "a client"}
"""What texts say where a parameter is missing: waiting mails have the parameters of their day, names may be erased."""
TENSES = {"is": ("is", "was"), "starts": ("starts", "started")}
"""Verbs about a booking: before its start, and from the start on."""
DETAILS = {"length": "Length", "price": "Price", "where": "Where"}
"""The parameters that a text lists as `$details`, each on a line of its own, where they are known."""


@dataclass(frozen=True)
class RenderedText:
    """A title (a mail's subject) and a body."""

    title: str
    body: str


@dataclass(frozen=True)
class Invite:
    """A calendar file, and the method that it has for calendar programs."""

    method: str
    contents: bytes


@dataclass(frozen=True)
class Email:
    """A mail's subject and plain text, ready to send, with the invitation that it brings."""

    subject: str
    text: str
    invite: Invite | None = None


def values_of(params: Params, zone: tzinfo, now: datetime) -> dict[str, str]:
    """All that a text may name, with times in that zone and verbs as they are true at `now`."""
    values = OPTIONAL | tenses(params.get("start"), now)
    values |= {name: in_zone(value, zone) if name in TIMES else value for name, value in params.items()}
    values["details"] = "\n".join(f"{label}: {params[name]}" for name, label in DETAILS.items() if name in params)
    return values


def tenses(start: str | None, now: datetime) -> dict[str, str]:
    """The verbs about a booking with that start."""
    begun = start is not None and datetime.fromisoformat(start) <= now
    return {name: after if begun else before for name, (before, after) in TENSES.items()}


def zone_of(name: str) -> tzinfo:
    """The IANA zone, or UTC where the name is not one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def in_zone(moment: str, zone: tzinfo) -> str:
    """`Monday 7 December 2026, 09:00 (Europe/Berlin)`; an hour that comes twice also names its offset from UTC."""
    local = datetime.fromisoformat(moment).astimezone(zone)
    comes_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    named = f"{zone}, {offset(local)}" if comes_twice else f"{zone}"
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({named})"


def offset(local: datetime) -> str:
    """`UTC+02:00`."""
    written = f"{local:%z}"
    return f"UTC{written[:3]}:{written[3:5]}"
