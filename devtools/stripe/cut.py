"""Cuts Stripe's published OpenAPI document down to what the sandbox answers: 8 MB to a few hundred kilobytes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from devtools.stripe import VERSION
from estuary.sandbox.stripe.routes import ROUTES

SCHEMA = Path(__file__).parent / "schema.json"
SOURCE = (
    "Stripe's OpenAPI document (MIT), as stripe-mock {version} carries it, cut by `python -m devtools stripe-schema`"
)
OBJECTS = frozenset(
    {
        "account",
        "account_link",
        "balance",
        "balance_transaction",
        "bank_account",
        "capability",
        "charge",
        "customer",
        "deleted_customer",
        "dispute",
        "error",
        "event",
        "payment_intent",
        "payment_method",
        "payout",
        "radar.early_fraud_warning",
        "refund",
        "setup_intent",
        "transfer",
        "transfer_reversal",
    }
)
"""What the sandbox has; a field that may hold the id of an object or the object itself holds no other object."""
PAYMENT_METHODS = frozenset({"card", "us_bank_account"})
"""Of the sixty that Stripe knows; where each has a field of its own, the others' go."""
UNUSED = frozenset({"description", "maxLength", "title"})


def cut(spec: Mapping[str, Any], version: str = VERSION) -> dict[str, Any]:
    """The answer of each of the sandbox's calls, and every schema that these and its events need."""
    published = {_route(path): calls for path, calls in spec["paths"].items()}
    answers = {
        f"{method} {route}": _plain(_answer(published[route][method.lower()]), spec) for method, route in sorted(ROUTES)
    }
    schemas = dict[str, Any]()
    waiting = [*OBJECTS, *_named([*answers.values()])]
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = _plain(spec["components"]["schemas"][name], spec)
            waiting += _named(schemas[name])
    return {
        "source": SOURCE.format(version=version),
        "event_types": sorted(_events(spec)),
        "answers": answers,
        "schemas": dict(sorted(schemas.items())),
    }


def write(spec: Path) -> Path:
    """Writes the cut, a line for each schema, so that the next version's differences can be read."""
    made = cut(json.loads(spec.read_text()))
    parts = [f'"{name}": {json.dumps(made[name])}' for name in ("source", "event_types")]
    for part in ("answers", "schemas"):
        lines = [f"{json.dumps(name)}: {_line(schema)}" for name, schema in made[part].items()]
        parts.append(f'"{part}": {{\n' + ",\n".join(lines) + "\n}")
    SCHEMA.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    return SCHEMA


def _line(schema: Any) -> str:
    return json.dumps(schema, separators=(",", ":"), sort_keys=True)


def _route(path: str) -> str:
    """`/v1/refunds/{refund}` as the sandbox has it: `refunds/*`."""
    return "/".join("*" if part.startswith("{") else part for part in path.removeprefix("/v1/").split("/"))


def _answer(call: Mapping[str, Any]) -> Any:
    return call["responses"]["200"]["content"]["application/json"]["schema"]


def _plain(schema: Any, spec: Mapping[str, Any]) -> Any:
    """Without words for people, Stripe's own extensions, and alternatives and fields that do not exist here."""
    if isinstance(schema, list):
        return [_plain(each, spec) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: value for name, value in schema.items() if name not in UNUSED and not name.startswith("x-")}
    if "anyOf" in kept:
        kept["anyOf"] = [each for each in kept["anyOf"] if _may_be(each, kept["anyOf"])]
    plain = {name: _plain(value, spec) for name, value in kept.items() if name != "properties"}
    if "properties" in kept:
        fields = kept["properties"]
        foreign = _payment_methods(spec) - PAYMENT_METHODS if PAYMENT_METHODS & fields.keys() else frozenset()
        plain["properties"] = {name: _plain(value, spec) for name, value in fields.items() if name not in foreign}
    return plain


def _may_be(alternative: Mapping[str, Any], alternatives: list[Mapping[str, Any]]) -> bool:
    expandable = any(each.get("type") == "string" for each in alternatives)
    return not expandable or "$ref" not in alternative or _name(alternative["$ref"]) in OBJECTS


def _events(spec: Mapping[str, Any]) -> list[str]:
    """Every type, as whoever registers for webhooks may name it."""
    asked = spec["paths"]["/v1/webhook_endpoints"]["post"]["requestBody"]["content"]
    named: list[str] = asked["application/x-www-form-urlencoded"]["schema"]["properties"]["enabled_events"]["items"][
        "enum"
    ]
    return named


def _payment_methods(spec: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(spec["components"]["schemas"]["payment_method"]["properties"]["type"]["enum"])


def _named(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "$ref":
                yield _name(value)
            else:
                yield from _named(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from _named(each)


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
