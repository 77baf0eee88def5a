"""`expand[]`: puts an object where its id stands."""

from typing import Any

from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.ids import kind_of
from estuary.sandbox.stripe.work import Object, Work, visible

DEEPEST = 4


async def expand(work: Work, call: Call, answer: Object) -> None:
    """Expands every path that the call asks for, in place."""
    for path in call.params.words("expand"):
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise StripeError("You cannot expand more than 4 levels of a property.", param="expand")
        await _along(work, call, answer, steps, path)


async def _along(work: Work, call: Call, node: Object, steps: list[str], path: str) -> None:
    name, *rest = steps
    if name not in node:
        message = f"This property cannot be expanded ({path})."
        raise StripeError(message, code="property_cannot_be_expanded", param="expand")
    node[name] = await _object(work, call, node[name])
    inner: Any = node[name]
    for entry in inner if isinstance(inner, list) else [inner]:
        if rest and isinstance(entry, dict):
            await _along(work, call, entry, rest, path)


async def _object(work: Work, call: Call, value: Any) -> Any:
    kind = kind_of(value) if isinstance(value, str) else None
    if kind is None:
        return value
    found = await work.find(kind, value, "" if kind == "account" else call.account)
    return value if found is None else dict(visible(found))
