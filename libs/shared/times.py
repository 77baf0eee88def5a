"""Times and texts at the edge: aware, UTC, rendered with a Z; texts that Postgres can hold."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; ValueError where UTC has no such year."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the time is out of range") from error


def render_utc(moment: datetime) -> str:
    """RFC 3339 with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def whole_text(text: str) -> str:
    """The text, or ValueError if it holds NUL, which Postgres cannot store."""
    if "\x00" in text:
        raise ValueError("a NUL character is not allowed")
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_name(name: str) -> str:
    """The name, if it is an IANA time zone; ValueError else."""
    if name not in _zones():
        raise ValueError("not an IANA time zone")
    return name
