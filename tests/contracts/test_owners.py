"""Every personal field of an event says whose it is, so that of an erased person no consumer gets it."""

import pytest
from pydantic import BaseModel

from estuary.contracts.events import events, name_of
from shared.events.base import PERSONAL, Event
from shared.events.booking import BookingEvent

AGREED = {"booking.service_title", "booking.timezone"}
"""What both sides of a booking agreed to, which stays."""


def personal_fields(kind: type[BaseModel], before: str = "") -> set[str]:
    found = set()
    for name, field in kind.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra.get(PERSONAL):
            found.add(before + name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= personal_fields(field.annotation, f"{before}{name}.")
    return found


@pytest.mark.parametrize("kind", events(), ids=name_of)
def test_every_personal_field_has_an_owner(kind: type[Event]):
    if kind.profile_of:
        assert kind.profile_of in kind.model_fields
        return
    wanted = personal_fields(kind) - (AGREED if issubclass(kind, BookingEvent) else set())
    assert set(kind.owned) == wanted
