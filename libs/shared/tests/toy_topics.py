"""An event for any topic, and a consumer without a database."""

from dataclasses import replace

from devtools.testing.delivery import envelope_of
from shared.events.base import Envelope
from shared.messaging.bus import Subscription
from shared.records.clock import machine_now
from shared.records.ids import new_id

from .conftest import ThingMade


def event(topic: str, name: str = "thing") -> Envelope:
    return replace(envelope_of(ThingMade(thing_id=new_id(), name=name), machine_now()), topic=topic)


def writing(topic: str, into: list[str]) -> Subscription:
    """A consumer without a database that writes down the names."""

    async def take(envelope: Envelope) -> None:
        into.append(str(envelope.data["name"]))

    async def refuse(envelope: Envelope, reason: str) -> None:
        into.append(f"refused: {reason}")

    return Subscription(topic, frozenset({topic}), frozenset({"ThingMade"}), take, refuse)
