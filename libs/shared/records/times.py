"""Times and texts at the edge: aware, UTC, rendered with a Z; texts that Postgres can hold."""

import re
import zoneinfo
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.records.formats import Format

zoneinfo.reset_tzpath(to=())  # zones are those of the tzdata package, not of this machine's own files

_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$", re.ASCII)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; `invalid_time` where UTC has no such year."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise PydanticCustomError("invalid_time", "Choose a time between the years 1 and 9999") from error


def rfc_3339(given: Any) -> Any:
    """What was given; `invalid_time` for what is no text with a date and a time, such as seconds since 1970."""
    if isinstance(given, datetime) or (isinstance(given, str) and _DATE_AND_TIME.match(given)):
        return given
    raise PydanticCustomError("invalid_time", "Write a time by RFC 3339: 2026-12-01T09:30:00Z")


def iso_date(given: Any) -> Any:
    """What was given; `invalid_date` for what is not a date `2026-12-01`."""
    if isinstance(given, date) or (isinstance(given, str) and _DATE.match(given)):
        return given
    raise PydanticCustomError("invalid_date", "Write a date such as 2026-12-01")


def render_utc(moment: datetime) -> str:
    """RFC 3339 with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def whole_text(text: str) -> str:
    """The text; `invisible_text` if it holds NUL, which Postgres cannot store."""
    if "\x00" in text:
        raise PydanticCustomError("invisible_text", "Remove the NUL character")
    return text


@cache
def _zones() -> frozenset[str]:
    """The names of the tzdata package, renamed zones under both: the same on every machine."""
    return frozenset(files("tzdata").joinpath("zones").read_text().split()) - {"Factory"}


def zone_name(name: str) -> str:
    """The name, if it is an IANA time zone; else `invalid_timezone`."""
    if name not in _zones():
        raise PydanticCustomError("invalid_timezone", "Name a zone of IANA, such as Europe/Vienna")
    return name


ZoneName = Annotated[str, StringConstraints(max_length=64), AfterValidator(zone_name), Format("timezone")]
"""An IANA time zone; renamed ones under both names."""
