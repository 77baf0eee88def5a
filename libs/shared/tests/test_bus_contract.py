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
from devtools.testing.waiting import PATIENCE
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
class Setting:
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
async def setting(request: pytest.FixtureRequest, runtime_for: RuntimeFactory) -> AsyncIterator[Setting]:
    runtime, topic = await runtime_for("toy"), f"estuary.toy-{new_id().hex[-12:]}"
    shared = InProcessBus()
    make: Callable[[], Bus] = lambda: shared  # noqa: E731  # one of two makers
    if request.param == "kafka":
        servers = request.getfixturevalue("kafka")
        settings = TopicSettings.of({"KAFKA_BOOTSTRAP_SERVERS": servers, "KAFKA_PARTITIONS": "3"})
        await create(settings, [topic], lambda _: None)
        make = lambda: KafkaBus(servers, client=f"test-{os.getpid()}")  # noqa: E731  # one of two makers
    setting = Setting(runtime, topic, make)
    yield setting
    await setting.stop()


async def until_parked(setting: Setting, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(await setting.parked()) < count:  # noqa: ASYNC110  the database does not tell
            await asyncio.sleep(0.02)


async def publish(bus: Bus, envelopes: Sequence[Envelope]) -> None:
    await asyncio.wait_for(bus.publish(envelopes), PATIENCE)


async def test_every_event_is_handled_in_order_per_key(setting: Setting, new_ids: Callable[[int], list[UUID]]) -> None:
    bus, keys = await setting.start(), new_ids(4)
    for batch in range(5):
        names = [(key, f"{index}:{batch * 10 + step:03}") for step in range(10) for index, key in enumerate(keys)]
        await publish(bus, [setting.event(key, name) for key, name in names])
    await until(lambda: len(setting.handled) == 200)
    for index in range(4):
        mine = [name for name in setting.handled if name.startswith(f"{index}:")]
        assert mine == sorted(mine)


async def test_failing_consumer_is_tried_again_and_order_is_kept(setting: Setting) -> None:
    bus, key = await setting.start(), new_id()
    setting.failures["first"] = 2
    await publish(bus, [setting.event(key, "first"), setting.event(key, "second")])
    await until(lambda: len(setting.handled) == 2)
    assert setting.handled == ["first", "second"]
    assert await setting.parked() == []


async def test_parked_event_holds_its_key_and_no_other(setting: Setting) -> None:
    bus, key, other = await setting.start(), new_id(), new_id()
    setting.failures["poison"] = 99
    await publish(bus, [setting.event(key, "poison"), setting.event(key, "behind"), setting.event(other, "free")])
    await until(lambda: setting.handled == ["free"])
    await until_parked(setting, 2)
    rows = await setting.parked()
    assert [row["envelope"]["data"]["name"] for row in rows] == ["poison", "behind"]
    assert "cannot digest poison" in rows[0]["error"]


async def test_parked_events_are_replayed_in_order(setting: Setting) -> None:
    bus, key = await setting.start(), new_id()
    setting.failures["poison"] = 3
    await publish(bus, [setting.event(key, "poison"), setting.event(key, "behind")])
    await until_parked(setting, 2)
    parked = setting.runtime.db.system_tables.parked
    async with setting.runtime.db.transaction() as session:
        await session.execute(update(parked).values(replay=True))
    assert await Inbox(setting.runtime.db, {ThingMade: setting._handle}).replay() == 2
    assert setting.handled == ["poison", "behind"]
    await publish(bus, [setting.event(key, "after")])
    await until(lambda: setting.handled == ["poison", "behind", "after"])


async def test_second_delivery_is_a_no_op(setting: Setting) -> None:
    bus, event = await setting.start(), setting.event(new_id(), "once")
    await publish(bus, [event, event])
    await publish(bus, [event, setting.event(event.key, "end")])
    await until(lambda: "end" in setting.handled)
    assert setting.handled == ["once", "end"]


def id_of_long_ago() -> UUID:
    """So that the relay does not wait for a release that knows the event (see shared.messaging.partners)."""
    return UUID(int=new_id().int & ((1 << 80) - 1))


async def test_unknown_version_is_kept_and_blocks_nobody(setting: Setting) -> None:
    bus = await setting.start()
    strange = replace(setting.event(new_id(), "from the future"), version=99, id=id_of_long_ago())
    await publish(bus, [strange, setting.event(new_id(), "known")])
    await until(lambda: setting.handled == ["known"])
    await until_parked(setting, 1)
    [row] = await setting.parked()
    assert "of version 99" in row["error"]
    assert row["envelope"]["data"]["name"] == "from the future"


async def test_restarted_consumer_goes_on_where_it_was(setting: Setting) -> None:
    key = new_id()
    bus = await setting.start()
    await publish(bus, [setting.event(key, f"{number}") for number in range(5)])
    await until(lambda: len(setting.handled) == 5)
    await setting.stop()
    bus = await setting.start()
    await publish(bus, [setting.event(key, f"{number}") for number in range(5, 10)])
    await until(lambda: len(setting.handled) == 10)
    await asyncio.sleep(0.2)
    assert setting.handled == [str(number) for number in range(10)]


async def test_broadcast_reaches_every_listener(setting: Setting) -> None:
    first, second = await setting.start(), await setting.start()
    heard: list[tuple[str, Any]] = []
    channel = f"things-{new_id()}"
    first.listen(channel, lambda hint: heard.append(("first", hint)))
    stop = second.listen(channel, lambda hint: heard.append(("second", hint)))

    async def until_both() -> None:
        while {who for who, _ in heard} != {"first", "second"}:  # a listener that is still connecting misses a hint
            await first.broadcast(channel, {"keys": ["a"]})
            await asyncio.sleep(0.1)

    await asyncio.wait_for(until_both(), PATIENCE)
    assert all(hint == {"keys": ["a"]} for _, hint in heard)
    await asyncio.sleep(0.2)
    stop()
    heard.clear()
    await first.broadcast(channel, {"keys": ["b"]})
    await until(lambda: heard)
    assert {who for who, _ in heard} == {"first"}


async def test_healthy_while_it_makes_progress(setting: Setting) -> None:
    bus = await setting.start()
    await until(bus.healthy)
