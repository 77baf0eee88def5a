"""Events of booking about passes. The key is the pass's id."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event, Owned, Personal
from shared.events.catalog import ERASED_TITLE
from shared.records.money import Money

PassHappening = Literal["activated", "changed", "expiring"]


class PassSnapshot(BaseModel):
    """A pass as it stood when the event was written; `order_id` is the order that pays it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    status: str
    title: Annotated[str, Personal]
    client_id: UUID
    practitioner_id: UUID
    practitioner_user_id: UUID
    timezone: Annotated[str, Personal]
    price: Money
    order_id: UUID
    expires_at: datetime


class PassSessionSnapshot(BaseModel):
    """One session of a pass. With `ended_at` the hold period of its line began then, without a booking's end."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    line_id: UUID
    value: Money
    status: str
    booking_id: UUID | None
    ended_at: datetime | None


class PassChanged(Event):
    """A pass (`sold`, since `pass` is a word of Python), and those of its sessions that have changed.

    When it is `activated` these are all of them. `expiring`: it expires soon and has sessions left.
    """

    topic: ClassVar[str] = "estuary.booking"
    keyed_by: ClassVar[str] = "sold.id"
    owned: ClassVar[Mapping[str, Owned]] = {
        "sold.title": Owned(("sold.practitioner_user_id",), ERASED_TITLE),
        "sold.timezone": Owned(("sold.practitioner_user_id",), "UTC"),
    }

    sold: PassSnapshot
    sessions: tuple[PassSessionSnapshot, ...]
    what: PassHappening
