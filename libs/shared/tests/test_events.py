"""Outbox, bus and inbox: nothing lost, nothing twice, order per key, poison parked with its key."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update

from devtools.testing.delivery import deliver, deliver_twice, envelope_of
from devtools.testing.waiting import PATIENCE
from shared.database.session import Database
from shared.events.base import KINDS, REGISTRY, Event
from shared.events.privacy import erased_by
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import Relay, emit
from shared.work.worker import Worker


def made(name: str, thing_id):
    return REGISTRY["ThingMade", 1](thing_id=thing_id, name=name)


async def names(db: Database) -> list[str]:
    async with db.read() as session:
        return list((await session.execute(text("select name from toy.things order by name"))).scalars())


@asynccontextmanager
async def working(app: FastAPI):
    task = asyncio.create_task(Worker(app).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def eventually(check) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await check():  # noqa: ASYNC110 (looks from outside, where no event can be heard)
            await asyncio.sleep(0.02)


class TestNames:
    def test_another_event_under_a_name_and_version_that_are_taken_is_an_error(self, toy: FastAPI) -> None:
        taken = REGISTRY["ThingMade", 1]
        with pytest.raises(TypeError, match=r"ThingMade of version 1 is also defined in .*conftest"):
            type("ThingMade", (Event,), {"__module__": __name__})
        with pytest.raises(TypeError, match="ThingMade of version 1"):
            type("OtherThing", (Event,), {"__module__": __name__}, stored_as="ThingMade")
        assert REGISTRY["ThingMade", 1] is taken

    def test_each_version_has_a_class_and_so_has_each_topic_of_one_definition(self) -> None:
        type("ThingMade", (Event,), {"__module__": __name__, "__annotations__": {}, "schema_version": 77})
        assert REGISTRY.pop(("ThingMade", 77)).schema_version == KINDS.pop().schema_version == 77
        assert erased_by.__wrapped__("toy").topic == "estuary.toy"
        KINDS.pop()


class TestInbox:
    async def test_a_redelivery_is_a_no_op(self, toy: FastAPI, new_ids) -> None:
        await deliver_twice(toy, made("a", new_ids(1)[0]))
        assert await names(toy.state.runtime.db) == ["copy of a"]

    async def test_a_poison_event_is_parked_and_holds_back_its_key_only(self, toy: FastAPI, new_ids) -> None:
        runtime, (bad, good) = toy.state.runtime, new_ids(2)
        inbox, now = Inbox(runtime.db, toy.state.consumers, attempts=2), runtime.clock.now()
        for event in (made("poison", bad), made("behind", bad), made("free", good)):
            await inbox.take(envelope_of(event, now))
        assert await names(runtime.db) == ["copy of free"]
        parked = runtime.db.system_tables.parked
        async with runtime.db.read() as session:
            rows = (await session.execute(select(parked).order_by(parked.c.seq))).mappings().all()
        assert [row["type"] for row in rows] == ["ThingMade", "ThingMade"]
        assert "cannot digest" in rows[0]["error"]

    async def test_a_replay_after_the_mend_goes_in_order(self, toy: FastAPI, new_ids) -> None:
        runtime, (bad,) = toy.state.runtime, new_ids(1)
        inbox, now = Inbox(runtime.db, toy.state.consumers, attempts=1), runtime.clock.now()
        for event in (made("poison", bad), made("behind", bad)):
            await inbox.take(envelope_of(event, now))
        parked = runtime.db.system_tables.parked
        async with runtime.db.transaction() as session:
            mended = parked.c.envelope.op("||")({"data": {"thing_id": str(bad), "name": "mended"}})
            first = parked.c.error.contains("cannot digest")
            await session.execute(update(parked).where(first).values(envelope=mended))
            await session.execute(update(parked).values(replay=True))
        assert await inbox.replay() == 2
        assert await names(runtime.db) == ["copy of behind", "copy of mended"]

    async def test_an_unknown_version_is_parked_not_lost(self, toy: FastAPI, new_ids) -> None:
        runtime = toy.state.runtime
        envelope = envelope_of(made("a", new_ids(1)[0]), runtime.clock.now())
        later = type(envelope)(**{f: getattr(envelope, f) for f in envelope.__slots__} | {"version": 9})
        await Inbox(runtime.db, toy.state.consumers, attempts=1).take(later)
        async with runtime.db.read() as session:
            error = await session.scalar(select(runtime.db.system_tables.parked.c.error))
        assert "version 9" in error
        assert not await deliver(toy, later)


class TestRelay:
    async def test_what_was_committed_reaches_the_consumer(self, toy: FastAPI, new_ids) -> None:
        db = toy.state.runtime.db
        async with working(toy):
            for thing_id in new_ids(3):
                async with db.transaction() as session:
                    emit(session, made(str(thing_id)[-4:], thing_id))

            async def three() -> bool:
                return len(await names(db)) == 3

            await eventually(three)

    async def test_a_publication_that_was_not_marked_is_repeated_without_effect(self, toy: FastAPI, new_ids) -> None:
        runtime = toy.state.runtime
        Worker(toy)
        relay = Relay(runtime.db, runtime.bus)
        async with runtime.db.transaction() as session:
            emit(session, made("a", new_ids(1)[0]))
        assert await relay.run_once() == 1
        async with runtime.db.transaction() as session:
            await session.execute(update(runtime.db.system_tables.outbox).values(sent_at=None))
        # The copy's own event stays unsent beside the first, so both are published again.
        assert await relay.run_once() >= 1
        assert (await names(runtime.db)).count("copy of a") == 1

    async def test_a_rolled_back_event_is_never_sent(self, toy: FastAPI, new_ids) -> None:
        runtime = toy.state.runtime
        try:
            async with runtime.db.transaction() as session:
                emit(session, made("a", new_ids(1)[0]))
                raise RuntimeError("no")
        except RuntimeError:
            pass
        assert await Relay(runtime.db, runtime.bus).run_once() == 0


class TestLeadership:
    async def test_a_second_worker_takes_over_when_the_first_ends(self, toy: FastAPI, new_ids) -> None:
        db = toy.state.runtime.db
        first = asyncio.create_task(Worker(toy).run())
        second = asyncio.create_task(Worker(toy).run())
        await asyncio.sleep(0.3)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        async with db.transaction() as session:
            emit(session, made("late", new_ids(1)[0]))

        async def one() -> bool:
            return "copy of late" in await names(db)

        await eventually(one)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)


class TestRoles:
    async def test_a_role_cannot_read_another_schema(self, toy: FastAPI, databases) -> None:
        db = toy.state.runtime.db
        async with db.read() as session:
            role = await session.scalar(text("select current_user"))
            allowed = await session.scalar(text("select has_schema_privilege('estuary_toy', 'public', 'create')"))
        assert (role, allowed) == ("estuary_toy", False)
