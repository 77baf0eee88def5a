"""What pydantic refuses, as our own error. Of a union it reports every branch; the one that was meant is picked."""

import re
from collections.abc import Sequence
from typing import Any

from shared.errors import FieldError, Invalid
from shared.web.bodies import Unlisted

Reason = dict[str, Any]
PLACES = frozenset({"body", "query", "header", "cookie"})
"""With which of them FastAPI begins a location."""
TAG_ERRORS = {"union_tag_invalid": "enum", "union_tag_not_found": "missing"}
"""A union whose branch is chosen by a field: that field is wrong, or was not sent; and what it is called here."""
TAG = re.compile("'([^']*)'")

NO_OBJECT = frozenset({"missing", "model_attributes_type", "model_type", "dict_type"})
"""Said of a whole body: that none was sent, or something else."""
LENGTHS = {"too_short": ("min_length", "at least"), "too_long": ("max_length", "at most")}
"""What pydantic counts as items, where a validator of our own stands before the limit of a text."""


def invalid_request(reasons: Sequence[Reason], body: Any = None) -> Invalid:
    """The error with these reasons of pydantic's; a location begins with where the value was (`body`).

    `body`: what was sent, where it is to tell fields from the tags by which a union's branch is chosen.
    """
    kept = meant(reasons)
    unlisted = sum(reason["input"].number for reason in kept if isinstance(reason["input"], Unlisted))
    return Invalid(errors=[_field_error(reason, body) for reason in kept], unlisted=unlisted)


def _field_error(reason: Reason, body: Any) -> FieldError:
    field = _field(reason, body)
    code = TAG_ERRORS.get(reason["type"], reason["type"])
    return FieldError(field=field, message=_message(reason, field), code=code)


def _message(reason: Reason, field: str) -> str:
    """What pydantic says, but where that is about Python: a body as a whole, and the length of a text."""
    if reason["type"] == "json_invalid":
        return f"This is not JSON: {reason['ctx']['error']}" if "ctx" in reason else reason["msg"]
    if reason["type"] in TAG_ERRORS:
        return _message_of_tag(reason)
    if not field and reason["type"] in NO_OBJECT:
        return "Send a JSON object"
    if isinstance(reason["input"], str) and (limit := LENGTHS.get(reason["type"])):
        name, words = limit
        number = reason["ctx"][name]
        return f"String should have {words} {number} {'character' if number == 1 else 'characters'}"
    return str(reason["msg"])


def _message_of_tag(reason: Reason) -> str:
    if "expected_tags" not in reason["ctx"]:
        return "Field required"
    *tags, last = [f"'{tag}'" for tag in TAG.findall(reason["ctx"]["expected_tags"])]
    return f"Input should be {', '.join(tags)} or {last}"


def _field(reason: Reason, body: Any) -> str:
    """The dotted path, without where it begins and without pydantic's names of branches; "" for the whole body."""
    if reason["type"] == "json_invalid":  # pydantic gives the position in the text as if it were a field
        return ""
    place, *inner = reason["loc"] or ("",)
    found = _without_branches(inner, body if place == "body" else None) if place in PLACES else [place, *inner]
    if reason["type"] in TAG_ERRORS:
        found.append(reason["ctx"]["discriminator"].strip("'"))
    return ".".join(map(str, found))


def _without_branches(parts: Sequence[Any], sent: Any) -> list[Any]:
    """Without marks, and without tags: names of no field that was sent, though of something inside them."""
    kept: list[Any] = []
    for number, part in enumerate(parts, 1):
        is_tag = isinstance(sent, dict) and part not in sent and number < len(parts)
        if not is_mark(part) and not is_tag:
            kept.append(part)
            sent = _inside(sent, part)
    return kept


def _inside(sent: Any, part: Any) -> Any:
    if isinstance(sent, list) and isinstance(part, int):
        return sent[part] if part < len(sent) else None
    return sent.get(part) if isinstance(sent, dict) else None


def is_mark(part: object) -> bool:
    """Whether that part of a location is not a field, but pydantic's name of a union's branch."""
    return str(part).startswith(("function-", "literal["))


def meant(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons in their order, of each union those of one branch alone."""
    unions: dict[tuple[Any, ...], list[Reason]] = {}
    for reason in reasons:
        if (place := _mark_of(reason)) is not None:
            unions.setdefault(reason["loc"][:place], []).append(reason)
    kept = [id(reason) for group in unions.values() for reason in _of_one_branch(group)]
    return [reason for reason in reasons if _mark_of(reason) is None or id(reason) in kept]


def _mark_of(reason: Reason) -> int | None:
    return next((place for place, part in enumerate(reason["loc"]) if is_mark(part)), None)


def _of_one_branch(group: Sequence[Reason]) -> Sequence[Reason]:
    """The branch that looked inside the value; else for text the one of fixed words, for anything else another."""
    inside = [reason for reason in group if not is_mark(reason["loc"][-1])]
    if inside:
        branch = _branch(inside[0])
        return [reason for reason in inside if _branch(reason) == branch]
    fits = [reason for reason in group if isinstance(reason["input"], str) == (reason["type"] == "literal_error")]
    return (fits or group)[:1]


def _branch(reason: Reason) -> tuple[Any, ...]:
    place = _mark_of(reason)
    return tuple(reason["loc"][: place + 1]) if place is not None else ()
