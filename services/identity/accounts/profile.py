"""Values of a profile: telephone numbers, languages, and what an app keeps of its own."""

import json
import re
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.records.formats import Format

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
SEPARATORS = re.compile(r"[ ().\-/]")
LANGUAGE_TAG = re.compile(
    r"(?P<main>[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<more>(-[0-9a-wy-z](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?)",
    re.ASCII | re.IGNORECASE,
)
"""Language, script, region, variants; then extensions, such as `-u-hc-h12`, as telephones send them."""
MOST_PREFERENCES = 8 * 1024
"""Bytes of JSON."""


def phone(value: str) -> str:
    """The number as E.164 writes it, `+` and at most 15 digits; `invalid_phone` for any other."""
    number = SEPARATORS.sub("", value)
    if not PHONE.fullmatch(number):
        raise PydanticCustomError("invalid_phone", "Write the number with its country: +4930123456")
    return number


def language_tag(value: str) -> str:
    """The tag of BCP 47, in its usual case: `pt-BR`, `zh-Hant-TW`, `en-US-u-hc-h12`."""
    found = LANGUAGE_TAG.fullmatch(value)
    if found is None:
        raise PydanticCustomError("invalid_locale", "Write a language tag, such as en or pt-BR")
    main = "-".join(_cased(part, at) for at, part in enumerate(found["main"].split("-")))
    return main + found["more"].lower()


def _cased(part: str, at: int) -> str:
    if at == 0 or len(part) >= 5 or part[0].isdigit():
        return part.lower()
    return part.title() if len(part) == 4 else part.upper()


def fits(preferences: dict[str, Any]) -> bool:
    """Whether they are small enough to be kept."""
    return len(orjson.dumps(preferences)) <= MOST_PREFERENCES


def storable(preferences: dict[str, Any]) -> dict[str, Any]:
    """The same; `too_large`, or `not_storable` for what Postgres cannot store as JSON."""
    try:
        json.dumps(preferences, allow_nan=False)  # orjson would write null for what is no number
        written = orjson.dumps(preferences)
    except (ValueError, orjson.JSONEncodeError) as error:
        raise PydanticCustomError("not_storable", "Use numbers and texts that JSON can hold") from error
    if b"\\u0000" in written:
        raise PydanticCustomError("not_storable", "Remove the NUL character")
    if len(written) > MOST_PREFERENCES:
        raise PydanticCustomError("too_large", "All preferences together may take 8 KiB")
    return preferences


Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(phone), Format("phone")]
Locale = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=35),
    AfterValidator(language_tag),
    Format("language"),
]
Preferences = Annotated[dict[str, Any], AfterValidator(storable)]
