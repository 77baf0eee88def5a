"""Which events there are, and the JSON Schema (draft 07) of each: one file per type and version."""

import importlib
import pkgutil
from functools import cache
from typing import Any

import shared.events
from estuary.contracts.examples import example_of
from shared.events.base import KINDS, PERSONAL, Event
from shared.messaging.cloudevents import type_of
from shared.messaging.partners import public, shape_of

Schema = dict[str, Any]
DIALECT = "http://json-schema.org/draft-07/schema#"
REFERENCE = "#/definitions/"


@cache
def events() -> tuple[type[Event], ...]:
    """Every event of `shared/events`, by topic and module and then as written; their bases (`...Event`) are none."""
    modules = [f"shared.events.{one.name}" for one in pkgutil.iter_modules(shared.events.__path__)]
    for module in modules:
        importlib.import_module(module)
    found = [kind for kind in KINDS if kind.__module__ in modules and not kind.__name__.endswith("Event")]
    return tuple(sorted(found, key=lambda kind: (kind.topic, kind.__module__)))


def name_of(kind: type[Event]) -> str:
    """The CloudEvents type, which also names the schema's file: `estuary.booking.BookingConfirmed.v1`."""
    return type_of(kind.topic, kind.__name__, kind.schema_version)


@cache
def schema_of(kind: type[Event]) -> Schema:
    """The JSON Schema of the event's data as partners get them: without what is personal."""
    whole = whole_schema_of(kind)
    parts = {name: _public(part) for name, part in whole.get("definitions", {}).items()}
    examples = [public(example, shape_of(kind)) for example in whole["examples"]]
    return _public(whole) | ({"definitions": parts} if parts else {}) | {"examples": examples}


def _public(part: Schema) -> Schema:
    """The schema of an object without the fields that are marked as personal."""
    if "properties" not in part:
        return part
    kept = {name: field for name, field in part["properties"].items() if PERSONAL not in field}
    required = [name for name in part.get("required", []) if name in kept]
    return {**part, "properties": kept, "required": required}


@cache
def whole_schema_of(kind: type[Event]) -> Schema:
    """The JSON Schema of the event's whole data. `x-key` is the path of the field that keys and orders it."""
    raw = kind.model_json_schema(mode="serialization", ref_template=REFERENCE + "{model}")
    definitions = raw.pop("$defs", {})
    shared_parts: Schema = {}
    properties = {name: _tidy(field, shared_parts) for name, field in raw.get("properties", {}).items()}
    parts = {name: _tidy(part, shared_parts) for name, part in definitions.items()} | shared_parts
    schema: Schema = {
        "$schema": DIALECT,
        "title": kind.__name__,
        "description": raw.get("description", ""),
        "type": "object",
        "x-topic": kind.topic,
        "x-version": kind.schema_version,
        "properties": properties,
        "required": raw.get("required", []),
        **({"definitions": dict(sorted(parts.items()))} if parts else {}),
    }
    return schema | {"x-key": key_of(kind, schema), "examples": [example_of(kind, schema)]}


def key_of(kind: type[Event], schema: Schema) -> str:
    """The path of the field that is the key: `booking.id`; where it may be empty, of both: `post_id or stream_id`."""
    example = example_of(kind, schema)
    first = _where_key_is(kind, example)
    if "anyOf" not in schema["properties"].get(first, {}):
        return first
    return f"{first} or {_where_key_is(kind, {**example, first: None})}"


def _where_key_is(kind: type[Event], data: Schema) -> str:
    key = str(kind.model_validate(data).key)
    return next((path for path, value in _leaves(data) if value == key), "")


def personal_of(schema: Schema) -> list[str]:
    """The paths of the fields that are marked as personal data."""
    return sorted(path for path, field in fields_of(schema, schema) if PERSONAL in field)


def fields_of(part: Schema, root: Schema, at: str = "") -> list[tuple[str, Schema]]:
    """Every field of the schema with its path, also those of the objects in it."""
    found: list[tuple[str, Schema]] = []
    for name, field in part.get("properties", {}).items():
        path, inner = f"{at}{name}", resolve(field, root)
        found.append((path, {**inner, **field}))
        for nested in [inner, *(resolve(option, root) for option in inner.get("anyOf", [])), inner.get("items", {})]:
            found += fields_of(resolve(nested, root), root, f"{path}.")
    return found


def resolve(part: Schema, root: Schema) -> Schema:
    """The part, or what it refers to within the same file."""
    reference = part.get("$ref")
    return root["definitions"][reference.removeprefix(REFERENCE)] if reference else part


def _tidy(part: Any, shared_parts: Schema) -> Any:
    """Without pydantic's titles of fields; Money once per file and referred to."""
    if isinstance(part, list):
        return [_tidy(item, shared_parts) for item in part]
    if not isinstance(part, dict):
        return part
    tidy = {
        key: {name: _tidy(field, shared_parts) for name, field in value.items()}
        if key == "properties"
        else _tidy(value, shared_parts)
        for key, value in part.items()
        if key != "title"
    }
    if part.get("title") == "Money" and part.get("type") == "object":
        shared_parts["Money"] = tidy
        return {"$ref": REFERENCE + "Money"}
    return tidy


def _leaves(value: Any, at: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in _leaves(inner, f"{at}.{name}" if at else name)]
    return [(at, value)]
