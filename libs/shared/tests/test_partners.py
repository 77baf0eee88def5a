"""What partners get of an event, and what becomes of one that this release does not know."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, ClassVar
from uuid import UUID

import pytest
from pydantic import BaseModel

from devtools.testing.delivery import envelope_of
from shared.events.base import Envelope, Event, Personal, UnknownEvent
from shared.messaging.cloudevents import records_of
from shared.messaging.partners import HOLD, public_data, shape_of
from shared.records.clock import machine_now
from shared.records.ids import new_id


class Stop(BaseModel):
    place: UUID
    note: Annotated[str | None, Personal] = None


class Parcel(BaseModel):
    stop: Stop
    weight: int


class ParcelsSent(Event):
    topic: ClassVar[str] = "estuary.toy"
    keyed_by: ClassVar[str] = "sender_id"
    sender_id: UUID
    sender_name: Annotated[str, Personal]
    first: Stop | None
    parcels: list[Parcel]
    tags: dict[str, int]


def sent(**more: Any) -> Envelope:
    parcels = [Parcel(stop=Stop(place=new_id(), note="behind the fence"), weight=number) for number in (1, 2)]
    given = {"first": parcels[0].stop, "parcels": parcels, "tags": {"note": 1}, **more}
    return envelope_of(ParcelsSent(sender_id=new_id(), sender_name="Ana Kova", **given), machine_now())


def test_what_is_marked_is_left_out_at_every_depth():
    envelope = sent()
    found = public_data(envelope)
    assert found.keys() == {"sender_id", "first", "parcels", "tags"}
    assert found["first"] == {"place": envelope.data["first"]["place"]}
    assert [parcel["weight"] for parcel in found["parcels"]] == [1, 2]
    assert all(parcel["stop"].keys() == {"place"} for parcel in found["parcels"])
    assert found["tags"] == {"note": 1}


def test_what_is_absent_stays_absent():
    found = public_data(sent(first=None, parcels=[]))
    assert (found["first"], found["parcels"]) == (None, [])


def test_a_field_of_a_later_release_is_left_out():
    """It may be personal: this release cannot know."""
    envelope = sent()
    parcels = [{**parcel, "phone": "+351 900"} for parcel in envelope.data["parcels"]]
    data = {**envelope.data, "parcels": parcels, "sender_phone": "+351 901"}
    found = public_data(replace(envelope, data=data))
    assert "sender_phone" not in found
    assert "phone" not in found["parcels"][0]


def later(age: timedelta) -> Envelope:
    """An event of a version that this release does not know, of that age."""
    known = sent()
    moment = int((machine_now() - age).timestamp() * 1000)
    own = UUID(int=(moment << 80) | (known.id.int & ((1 << 80) - 1)))
    return Envelope(own, known.type, 9, known.topic, known.key, known.time, known.data)


def test_an_event_of_a_later_release_waits_for_it():
    with pytest.raises(UnknownEvent, match="ParcelsSent 9 waits for a release that knows it"):
        list(records_of(later(timedelta(seconds=5))))


def test_after_ten_minutes_it_goes_to_the_services_alone():
    [record] = records_of(later(HOLD + timedelta(seconds=5)))
    assert record["topic"] == "estuary.toy.internal"


def test_a_field_of_several_kinds_of_objects_is_refused():
    class Mixed(BaseModel):
        content: Stop | Parcel

    with pytest.raises(TypeError, match="several kinds of objects"):
        shape_of(Mixed)
