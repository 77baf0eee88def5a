"""Stripe's request encoding: form fields whose names nest with brackets, `metadata[order]=7&expand[]=latest_charge`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from estuary.sandbox.stripe.errors import StripeError

NAME = re.compile(r"[^\[\]]+|\[[^\[\]]*\]")
MOST_FIELDS = 1000
DEEPEST = 8


def parse(encoded: str) -> dict[str, Any]:
    """A tree of dicts, lists and strings. An empty value stays "", which is how Stripe unsets a field."""
    tree: dict[str, Any] = {}
    try:
        fields = parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise StripeError("The request has too many parameters, or cannot be read.") from None
    for name, value in fields:
        _put(tree, _steps(name), value, name)
    return {name: _with_lists(value) for name, value in tree.items()}


def _steps(name: str) -> list[str]:
    steps = NAME.findall(name)
    if not steps or len(steps) > DEEPEST or "".join(steps) != name or steps[0].startswith("["):
        raise StripeError(f"Invalid parameter name: {name}", code="parameter_unknown", param=name)
    return [steps[0], *(step[1:-1] for step in steps[1:])]


def _put(tree: dict[str, Any], steps: list[str], value: str, name: str) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise StripeError(f"Invalid object: {name}", param=name)
    last = steps[-1] or str(len(tree))
    if isinstance(tree.get(last), dict):
        raise StripeError(f"Invalid object: {name}", param=name)
    tree[last] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(item) for name, item in value.items()}
    if inner and all(name.isascii() and name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
