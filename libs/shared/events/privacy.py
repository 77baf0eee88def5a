"""What every service publishes of an erasure, on its own topic."""

from functools import cache
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.audit import PRODUCERS
from shared.events.base import Event


class KeptData(BaseModel):
    """What stays of an erased person: in which tables, why, and until when."""

    model_config = ConfigDict(frozen=True)

    what: str
    why: str
    until: str


class PersonErasedEvent(Event):
    """The service has erased the person: `erased` counts the rows that it emptied or deleted, by table."""

    keyed_by: ClassVar[str] = "user_id"

    erasure_id: UUID
    user_id: UUID
    service: str
    erased: dict[str, int]
    kept: list[KeptData]


@cache
def erased_by(service_name: str) -> type[PersonErasedEvent]:
    """That service's class of the event."""

    class PersonErased(PersonErasedEvent):
        """The service has erased the person: `erased` counts the rows that it emptied or deleted, by table."""

        topic = f"estuary.{service_name}"

    return PersonErased


ERASED = {name: erased_by(name) for name in PRODUCERS}
"""The event's class of each service; all are stored under one name."""
