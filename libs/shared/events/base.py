"""What a domain event is: a frozen, versioned fact in the past tense, with one key for its order."""

import sys
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared import trace
from shared.records.ids import new_id

REGISTRY: dict[tuple[str, int], type["Event"]] = {}
KINDS: list[type["Event"]] = []
"""All of them: of an event that several services publish there is a class for each topic, under one name."""
PERSONAL = "x-personal-data"
Personal = Field(json_schema_extra={PERSONAL: True})
"""Marks a field as personal: `email: Annotated[str, Personal]`.

Personal is what identifies or locates a person beyond an id (names, addresses, time zones), and every text that a
person wrote (titles too), whether or not it is public: docs/decisions/0008-what-events-call-personal.md. The topics
for partners do not carry it (`shared.messaging.partners`); `docs/events` lists it.
"""


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose a personal field is, by the names of the fields with their ids (dotted), and what it says without them."""

    of: tuple[str, ...]
    without: Any = None


class UnknownEvent(Exception):
    """An event of a type and version that this release has no class for."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event on its way (CloudEvents 1.0): what the outbox stores and every bus carries."""

    id: UUID
    type: str
    version: int
    topic: str
    key: UUID
    time: datetime
    data: Mapping[str, Any]
    traceparent: str | None = None


class Event(BaseModel):
    """Base of all events. A subclass of a producer's base names its `topic` there, and the field with its key."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[str] = ""
    keyed_by: ClassVar[str] = ""
    """The field with the aggregate's id, by its dotted name."""
    schema_version: ClassVar[int] = 1
    owned: ClassVar[Mapping[str, Owned]] = {}
    """Whose each personal field is, by its dotted name: of who was erased no consumer gets it."""
    overtakes_parked: ClassVar[bool] = False
    """Whether it is handled although earlier events of its key are parked."""
    profile_of: ClassVar[str] = ""
    """The field with the id of the person of whom the event is nothing but a description."""

    def __init_subclass__(cls, stored_as: str = "", **kwargs: Any) -> None:
        """Registers the class under its name and version, so that a consumer can read it back.

        A class of an older version, whose name in Python is another, says under which name its events are stored.
        Raises TypeError for another definition under a name and version that are taken: events would be read as it.
        """
        super().__init_subclass__(**kwargs)
        cls.__name__ = stored_as or cls.__name__
        taken = REGISTRY.get((cls.__name__, cls.schema_version))
        if taken is not None and _definition(taken) != _definition(cls):
            raise TypeError(f"{cls.__name__} of version {cls.schema_version} is also defined in {taken.__module__}")
        REGISTRY[cls.__name__, cls.schema_version] = cls
        KINDS.append(cls)

    @property
    def key(self) -> UUID:
        """The aggregate's id: events of one key are delivered in their order."""
        key: UUID = _at(self, self.keyed_by)
        return key

    def current(self) -> "Event":
        """The same fact in the present version of its type; consumers see no other."""
        return self

    def owners(self) -> set[UUID]:
        """The ids of those whose personal fields it has; a field that says nothing of anybody has no owner."""
        filled = [owned for name, owned in self.owned.items() if _at(self, name) != owned.without]
        names = {name for owned in filled for name in owned.of} | ({self.profile_of} - {""})
        return {owner for name in names if isinstance(owner := _at(self, name), UUID)}

    def without(self, erased: Collection[UUID]) -> "Event | None":
        """The event without what is personal of these; None where nothing else is left of it."""
        if self.profile_of and _at(self, self.profile_of) in erased:
            return None
        data = self.model_dump()
        for name, owned in self.owned.items():
            if any(_at(self, owner) in erased for owner in owned.of):
                _put(data, name, owned.without)
        event = type(self).model_validate(data)
        return event.stamped(self.occurred_at) if "_occurred_at" in self.__dict__ else event

    @property
    def occurred_at(self) -> datetime:
        """Business time at which it was emitted; set by `emit` and by the delivery."""
        moment = self.__dict__.get("_occurred_at")
        if moment is None:
            raise ValueError("the event was neither emitted nor delivered yet")
        return moment  # type: ignore[no-any-return]  # the library has no type for it

    def stamped(self, moment: datetime) -> "Event":
        """The same event, with the moment at which it happened."""
        self.__dict__["_occurred_at"] = moment
        return self


@dataclass(frozen=True, slots=True)
class Pending:
    """An emitted event that waits for its transaction's commit."""

    event: Event
    at: datetime

    def as_row(self) -> dict[str, Any]:
        """The outbox row."""
        return {
            "event_id": new_id(),
            "type": type(self.event).__name__,
            "version": self.event.schema_version,
            "topic": self.event.topic,
            "key": self.event.key,
            "payload": self.event.model_dump(mode="json"),
            "traceparent": trace.traceparent(),
            "occurred_at": self.at,
        }


def decode(envelope: Envelope) -> Event:
    """The event in the envelope; UnknownEvent where this release has no such type and version."""
    kind = REGISTRY.get((envelope.type, envelope.version))
    if kind is None:
        raise UnknownEvent(f"no event {envelope.type} of version {envelope.version} is known here")
    return kind.model_validate(envelope.data).current().stamped(envelope.time)


def _definition(kind: type[Event]) -> tuple[str, str]:
    """Where a class is written: one for each topic comes of one function, and tests import a file under two names."""
    module = sys.modules[kind.__module__]
    return getattr(module, "__file__", None) or kind.__module__, kind.__qualname__


def _at(event: BaseModel, name: str) -> Any:
    found: Any = event
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _put(data: dict[str, Any], name: str, value: Any) -> None:
    *parts, last = name.split(".")
    for part in parts:
        data = data[part]
    data[last] = value


Handler = Callable[[Any, Any], Awaitable[None]]
Consumers = Mapping[type[Event], Handler]
