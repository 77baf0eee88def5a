"""What partners read of an event: the fields that its class has and does not mark as personal, and no others."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shared.events.base import PERSONAL, REGISTRY, Envelope, UnknownEvent
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.ids import moment_of

Shape = Mapping[str, "Shape | None"]
"""The fields that are passed on, by name; of an object the fields in it, None for anything else, which goes whole."""
HOLD = timedelta(minutes=10)
"""How long an event waits for a release that knows its type: longer than a rollout."""
log = logger()


def public_data(envelope: Envelope) -> Any:
    """The event's data for partners. None where nobody here knows what in it is personal: then they get nothing.

    While another process writes events of a later release, they wait for its relay: UnknownEvent, for ten minutes.
    """
    kind = REGISTRY.get((envelope.type, envelope.version))
    if kind is not None:
        return public(envelope.data, shape_of(kind))
    if machine_now() - moment_of(envelope.id) < HOLD:
        raise UnknownEvent(f"{envelope.type} {envelope.version} waits for a release that knows it")
    log.error("event.not_for_partners", type=envelope.type, version=envelope.version, id=str(envelope.id))
    return None


def public(value: Any, shape: Shape | None) -> Any:
    """The value without what the shape does not have."""
    if shape is None:
        return value
    if isinstance(value, Mapping):
        return {name: public(inner, shape[name]) for name, inner in value.items() if name in shape}
    if isinstance(value, list | tuple):
        return [public(inner, shape) for inner in value]
    return value


@cache
def shape_of(kind: type[BaseModel]) -> Shape:
    """What of such an object is passed on."""
    return {name: _inner(field.annotation) for name, field in kind.model_fields.items() if not is_personal(field)}


def is_personal(field: FieldInfo) -> bool:
    """Whether the field is marked with `Personal`."""
    extra = field.json_schema_extra
    return isinstance(extra, Mapping) and PERSONAL in extra


def _inner(annotation: Any) -> Shape | None:
    """The shape of the objects in a field: itself, optional, or a list of them."""
    models = set(_models(annotation))
    if len(models) > 1:
        raise TypeError(f"a field of several kinds of objects cannot be published to partners: {annotation}")
    return shape_of(models.pop()) if models else None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
