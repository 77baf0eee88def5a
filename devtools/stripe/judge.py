"""What is wrong with what the sandbox answers and says in events, by Stripe's own published schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from devtools.stripe.cut import SCHEMA
from estuary.sandbox.stripe.routes import route_of

OK = 200


class Judge:
    """Remembers which shapes it has seen, since what depends on values alone is no matter of a schema."""

    def __init__(self) -> None:
        published = json.loads(SCHEMA.read_text())
        self._answers, self._events = published["answers"], frozenset(published["event_types"])
        self._schemas = _strict(published["schemas"])
        self._words = frozenset(_words(published))
        self._seen = set[Any]()

    def forget(self) -> None:
        """What was seen before is judged again."""
        self._seen.clear()

    def answer(self, method: str, path: str, status: int, body: bytes) -> list[str]:
        """What is wrong with the answer to that call; `path` is the one below /v1/."""
        call = f"{method} {route_of(path)[0]}"
        if status != OK:
            return self._faults(call, {"$ref": "#/components/schemas/error"}, orjson.loads(body))
        if call not in self._answers:
            return [f"{call}: Stripe has no such call"]
        return self._faults(call, self._answers[call], orjson.loads(body))

    def event(self, event: Mapping[str, Any]) -> list[str]:
        """What is wrong with the event, or with the object in it."""
        about, kind = event.get("data", {}).get("object", {}), event.get("type", "event")
        faults = [] if kind in self._events else [f"{kind}: Stripe has no such event"]
        for name, value in (("event", event), (about.get("object", "error"), about)):
            faults += self._faults(kind, {"$ref": f"#/components/schemas/{name}"}, value)
        return faults

    def _faults(self, name: str, schema: Any, value: Any) -> list[str]:
        shape = (name, json.dumps(schema), self._shape(value))
        if shape in self._seen:
            return []
        self._seen.add(shape)
        validator = Draft202012Validator({"allOf": [_strict(schema)], "components": {"schemas": self._schemas}})
        return [f"{name}: {_said(error)}" for error in validator.iter_errors(value)]

    def _shape(self, value: Any) -> Any:
        """Two values of one shape are both right, or both wrong."""
        if isinstance(value, dict):
            return tuple((name, self._shape(inner)) for name, inner in value.items())
        if isinstance(value, list):
            return frozenset(self._shape(inner) for inner in value)
        if isinstance(value, str):
            return value if value in self._words else str
        return value if value is None or isinstance(value, bool) else type(value)


def _said(error: Any) -> str:
    """Where and what is wrong; of alternatives, by the one that fits best."""
    deepest = error
    while deepest.context:
        deepest = _nearest(deepest.context)
    return f"{'/'.join(map(str, deepest.absolute_path))}: {deepest.message[:300]}"


def _nearest(errors: list[Any]) -> Any:
    """The first fault of the alternative with the fewest, other than being of another type."""
    of_alternative: dict[Any, list[Any]] = {}
    for error in errors:
        of_alternative.setdefault(error.schema_path[0], []).append(error)
    return min(of_alternative.values(), key=lambda faults: (faults[0].validator == "type", len(faults)))[0]


def _strict(schema: Any) -> Any:
    """As JSON Schema, with Stripe's `nullable`; a field that Stripe does not name is wrong."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _strict(value) for name, value in schema.items() if name != "nullable"}
    if isinstance(schema.get("properties"), dict):
        plain.setdefault("additionalProperties", False)
    return {"anyOf": [{"type": "null"}, plain]} if schema.get("nullable") is True else plain


def _words(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, value in schema.items():
            yield from (word for word in value if isinstance(word, str)) if name == "enum" else _words(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from _words(each)
