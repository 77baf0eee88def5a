"""What every bus keeps, run on both: in process and over a real Kafka."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from devtools.testing.delivery import envelope_of
from devtools.testing.fixtures import RuntimeFactory
from shared.events.base import Envelope
from shared.messaging.bus import Bus, InProcessBus
from shared.messaging.inbox import Inbox
from shared.messaging.kafka.bus import KafkaBus
from shared.messaging.kafka.topics import TopicSettings, create
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.runtime import Runtime

from .conftest import ThingMade, until

pytestmark = [pytest.mark.usefixtures("tidy"), pytest.mark.filterwarnings("ignore::ResourceWarning")]
KINDS = ["in process", pytest.param("kafka", marks=[pytest.mark.kafka])]


@dataclass
class Place:
    """A topic of its own on one kind of bus, and a consumer that writes down what it handles."""

    runtime: Runtime
    topic: str
    make: Callable[[], Bus]
    handled: list[str] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    running: list[Bus] = field(default_factory=list)

    async def start(self) -> Bus:
        """A process that consumes."""
        bus = self.make()
        subscription = Inbox(self.runtime.db, {ThingMade: self._handle}, attempts=3).subscription()
        bus.subscribe(replace(subscription, consumer=self.topic, topics=frozenset({self.topic})))
        await bus.start()
        self.running.append(bus)
        return bus

    async def stop(self) -> None:
        """All processes end in good order."""
        await asyncio.gather(*(bus.stop() for bus in self.running))
        self.running.clear()

    async def _handle(self, session: Any, event: ThingMade) -> None:
        if self.failures.get(event.name, 0) > 0:
            self.failures[event.name] -= 1
            raise RuntimeError(f"cannot digest {event.name}")
        session.after_commit(lambda: self.handled.append(event.name))

    def event(self, key: UUID, name: str) -> Envelope:
        return replace(envelope_of(ThingMade(thing_id=key, name=name), machine_now()), topic=self.topic)

    async def parked(self) -> list[dict[str, Any]]:
        parked = self.runtime.db.system_tables.parked
        async with self.runtime.db.read() as session:
            rows = (await session.execute(select(parked).order_by(parked.c.seq))).mappings().all()
        return [dict(row) for row in rows]


@pytest.fixture(params=KINDS)
async def place(request: pytest.FixtureRequest, runtime_for: RuntimeFactory) -> AsyncIterator[Place]:
    runtime, topic = await runtime_for("toy"), f"estuary.toy-{new_id().hex[-12:]}"
    shared = InProcessBus()
    make: Callable[[], Bus] = lambda: shared  # noqa: E731  # one of two makers
    if request.param == "kafka":
        servers = request.getfixturevalue("kafka")
        settings = TopicSettings.of({"KAFKA_BOOTSTRAP_SERVERS": servers, "KAFKA_PARTITIONS": "3"})
        await create(settings, [topic], lambda _: None)
        make = lambda: KafkaBus(servers, client=f"test-{os.getpid()}")  # noqa: E731  # one of two makers
    place = Place(runtime, topic, make)
    yield place
    await place.stop()


async def until_parked(place: Place, count: int) -> None:
    async with asyncio.timeout(20):
        while len(await place.parked()) < count:
            pass


async def publish(bus: Bus, envelopes: Sequence[Envelope]) -> None:
    await asyncio.wait_for(bus.publish(envelopes), 30)


async def test_every_event_is_handled_in_order_per_key(place: Place, new_ids: Callable[[int], list[UUID]]) -> None:
    bus, keys = await place.start(), new_ids(4)
    for batch in range(5):
        names = [(key, f"{index}:{batch * 10 + step:03}") for step in range(10) for index, key in enumerate(keys)]
        await publish(bus, [place.event(key, name) for key, name in names])
    await until(lambda: len(place.handled) == 200)
    for index in range(4):
        mine = [name for name in place.handled if name.startswith(f"{index}:")]
        assert mine == sorted(mine)


async def test_failing_consumer_is_tried_again_and_order_is_kept(place: Place) -> None:
    bus, key = await place.start(), new_id()
    place.failures["first"] = 2
    await publish(bus, [place.event(key, "first"), place.event(key, "second")])
    await until(lambda: len(place.handled) == 2)
    assert place.handled == ["first", "second"]
    assert await place.parked() == []


async def test_parked_event_holds_its_key_and_no_other(place: Place) -> None:
    bus, key, other = await place.start(), new_id(), new_id()
    place.failures["poison"] = 99
    await publish(bus, [place.event(key, "poison"), place.event(key, "behind"), place.event(other, "free")])
    await until(lambda: place.handled == ["free"])
    await until_parked(place, 2)
    rows = await place.parked()
    assert [row["envelope"]["data"]["name"] for row in rows] == ["poison", "behind"]
    assert "cannot digest poison" in rows[0]["error"]


async def test_parked_events_are_replayed_in_order(place: Place) -> None:
    bus, key = await place.start(), new_id()
    place.failures["poison"] = 3
    await publish(bus, [place.event(key, "poison"), place.event(key, "behind")])
    await until_parked(place, 2)
    parked = place.runtime.db.system_tables.parked
    async with place.runtime.db.transaction() as session:
        await session.execute(update(parked).values(replay=True))
    assert await Inbox(place.runtime.db, {ThingMade: place._handle}).replay() == 2
    assert place.handled == ["poison", "behind"]
    await publish(bus, [place.event(key, "after")])
    await until(lambda: place.handled == ["poison", "behind", "after"])


async def test_second_delivery_is_a_no_op(place: Place) -> None:
    bus, event = await place.start(), place.event(new_id(), "once")
    await publish(bus, [event, event])
    await publish(bus, [event, place.event(event.key, "end")])
    await until(lambda: "end" in place.handled)
    assert place.handled == ["once", "end"]


def id_of_long_ago() -> UUID:
    """So that the relay does not wait for a release that knows the event (see shared.messaging.partners)."""
    return UUID(int=new_id().int & ((1 << 80) - 1))


async def test_unknown_version_is_kept_and_blocks_nobody(place: Place) -> None:
    bus = await place.start()
    strange = replace(place.event(new_id(), "from the future"), version=99, id=id_of_long_ago())
    await publish(bus, [strange, place.event(new_id(), "known")])
    await until(lambda: place.handled == ["known"])
    await until_parked(place, 1)
    [row] = await place.parked()
    assert "of version 99" in row["error"]
    assert row["envelope"]["data"]["name"] == "from the future"


async def test_restarted_consumer_goes_on_where_it_was(place: Place) -> None:
    key = new_id()
    bus = await place.start()
    await publish(bus, [place.event(key, f"{number}") for number in range(5)])
    await until(lambda: len(place.handled) == 5)
    await place.stop()
    bus = await place.start()
    await publish(bus, [place.event(key, f"{number}") for number in range(5, 10)])
    await until(lambda: len(place.handled) == 10)
    await asyncio.sleep(0.2)
    assert place.handled == [str(number) for number in range(10)]


async def test_broadcast_reaches_every_listener(place: Place) -> None:
    first, second = await place.start(), await place.start()
    heard: list[tuple[str, Any]] = []
    channel = f"things-{new_id()}"
    first.listen(channel, lambda hint: heard.append(("first", hint)))
    stop = second.listen(channel, lambda hint: heard.append(("second", hint)))

    async def until_both() -> None:
        while {who for who, _ in heard} != {"first", "second"}:  # a listener that is still connecting misses a hint
            await first.broadcast(channel, {"keys": ["a"]})
            await asyncio.sleep(0.1)

    await asyncio.wait_for(until_both(), 20)
    assert all(hint == {"keys": ["a"]} for _, hint in heard)
    await asyncio.sleep(0.2)
    stop()
    heard.clear()
    await first.broadcast(channel, {"keys": ["b"]})
    await until(lambda: heard)
    assert {who for who, _ in heard} == {"first"}


async def test_healthy_while_it_makes_progress(place: Place) -> None:
    bus = await place.start()
    await until(bus.healthy)
