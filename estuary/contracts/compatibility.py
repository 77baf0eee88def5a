"""What breaks a partner: each difference between a promised schema and the one of today, as a sentence.

Both directions count. A consumer that validates with the promised schema must accept what is sent today, and today's
class must read what was stored under the promised one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from estuary.contracts.events import resolve

Schema = dict[str, Any]
LIMITS = ("pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "additionalProperties")


def breaking_changes(promised: Mapping[str, Schema], today: Mapping[str, Schema]) -> list[str]:
    """Every breaking change, by schema name; new events are none."""
    found: list[str] = []
    for name, schema in sorted(promised.items()):
        if name not in today:
            found.append(f"{name}: the event was removed")
        else:
            found += [f"{name}: {change}" for change in _event(schema, today[name])]
    return found


def _event(old: Schema, new: Schema) -> Iterator[str]:
    if old.get("x-key") != new.get("x-key"):
        yield f"the key was {old.get('x-key')} and is {new.get('x-key')}: events would be ordered by something else"
    yield from Comparison(old, new).objects(old, new, "")


class Comparison:
    """Compares two schemas of one event."""

    def __init__(self, old: Schema, new: Schema) -> None:
        """Each resolves the references of its own file."""
        self._old, self._new = old, new

    def objects(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        """What differs between two objects, field by field."""
        before, after = old.get("properties", {}), new.get("properties", {})
        was, is_ = set(old.get("required", [])), set(new.get("required", []))
        for name, field in before.items():
            path = f"{at}{name}"
            if name not in after:
                yield f"{path} was removed"
                continue
            if name in was - is_:
                yield f"{path} was always present and need not be any more"
            if name in is_ - was:
                yield f"{path} was optional and is required now: stored events lack it"
            yield from self.values(field, after[name], path)
        for name in after.keys() - before.keys():
            if name in is_:
                yield f"{at}{name} is new and required: stored events lack it; give it a default"

    def values(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        """What differs between two values at the same place."""
        before, after = _options(old, self._old), _options(new, self._new)
        if before.keys() != after.keys():
            yield f"{path} changed its type from {_said(before)} to {_said(after)}"
            return
        for kind, option in before.items():
            yield from self._option(option, after[kind], path)

    def _option(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        yield from _choices(old, new, path)
        for limit in LIMITS:
            if old.get(limit) != new.get(limit) and not isinstance(old.get(limit), dict):
                yield f"{path} changed its {limit} from {old.get(limit)} to {new.get(limit)}"
        yield from self.objects(old, new, f"{path}.")
        for inner in ("items", "additionalProperties"):
            if isinstance(old.get(inner), dict) and isinstance(new.get(inner), dict):
                yield from self.values(old[inner], new[inner], f"{path}[]")


def _choices(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = _allowed(old), _allowed(new)
    if before is None and after is None:
        return
    if before is None or after is None:
        said = "is limited to certain values now" if before is None else "is not limited to its values any more"
        yield f"{path} {said}"
        return
    if gone := before - after:
        yield f"{path} does not allow {', '.join(sorted(gone))} any more: stored events may carry it"
    if fresh := after - before:
        yield f"{path} allows {', '.join(sorted(fresh))} now: consumers that validate would refuse it"


def _allowed(part: Schema) -> set[str] | None:
    if "const" in part:
        return {str(part["const"])}
    return {str(value) for value in part["enum"]} if "enum" in part else None


def _options(part: Schema, root: Schema) -> dict[str, Schema]:
    """The types that a value may have, each with its schema."""
    part = resolve(part, root)
    options = [resolve(option, root) for option in part.get("anyOf", [part])]
    return {" ".join(filter(None, [option.get("type", "any"), option.get("format")])): option for option in options}


def _said(options: Mapping[str, Schema]) -> str:
    return " or ".join(sorted(options))
