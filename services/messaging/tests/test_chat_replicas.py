import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from devtools.testing.delivery import events_of
from devtools.testing.fixtures import runtime_on
from devtools.testing.observation import statements
from devtools.testing.servers import is_silent, until
from services.messaging.app import create_app
from services.messaging.tests.conftest import chat, frame, say, served, wrote
from shared.events.messaging import MessageCreated
from shared.live.hub import SocketTimeouts
from shared.records.ids import new_id


@pytest.fixture
async def replica(app, runtime_for):
    """A second process of the service: same database and bus, its own everything else."""
    first = app.state.runtime
    second = runtime_on(first.db.url, "messaging", first.clock, {}, {})
    other = create_app(replace(second, bus=first.bus))
    yield other
    await second.db.close()


class TestPresence:
    async def test_typing_reaches_the_others_once_a_second(self, address, client, seller, talk):
        async with chat(address, client, talk) as mine, chat(address, seller, talk) as theirs:
            for _ in range(5):
                await say(mine, "typing")
            heard = await frame(theirs)
            assert (heard["type"], heard["data"]) == ("typing", {"user_id": str(client.id)})
            assert await is_silent(theirs)
            assert await is_silent(mine)

    async def test_who_asks_hears_who_is_here_comes_and_goes(self, address, client, seller, talk):
        async with chat(address, client, talk) as mine:
            await say(mine, "presence")
            assert await is_silent(mine)
            async with chat(address, seller, talk) as theirs:
                assert (await frame(mine))["data"] == {"user_id": str(seller.id), "online": True}
                assert await is_silent(theirs)
                await say(theirs, "presence")
                assert (await frame(theirs))["data"] == {"user_id": str(client.id), "online": True}
            assert (await frame(mine))["data"] == {"user_id": str(seller.id), "online": False}

    async def test_nothing_of_it_is_stored(self, app, address, client, seller, talk):
        async with chat(address, client, talk) as mine, chat(address, seller, talk) as theirs:
            await say(mine, "presence")
            await say(theirs, "typing")
            assert (await frame(mine, "typing"))["data"] == {"user_id": str(seller.id)}
        assert not await events_of(app.state.runtime)
        async with chat(address, client, talk, after=new_id()) as mine:
            assert await is_silent(mine)

    async def test_who_has_the_chat_open_is_not_away(self, app, address, client, seller, talk):
        async with chat(address, seller, talk):
            await until(lambda: app.state.hub.count() == 1)
            await client.writes(talk)
        await until(lambda: app.state.hub.count() == 0)
        await client.writes(talk)
        away = [event.away_ids for event in await events_of(app.state.runtime) if isinstance(event, MessageCreated)]
        assert away == [[], [seller.id]]


class TestReplicas:
    async def test_frames_typing_and_presence_cross(self, app, replica, address, client, seller, talk):
        async with served(replica) as elsewhere, chat(address, client, talk) as mine:
            await say(mine, "presence")
            async with chat(elsewhere, seller, talk) as theirs:
                assert (await frame(mine))["data"]["online"] is True
                sent = await client.writes(talk, "across")
                assert [(await frame(socket))["data"] for socket in (mine, theirs)] == [sent, sent]
                await say(theirs, "typing")
                assert (await frame(mine))["type"] == "typing"
            assert (await frame(mine))["data"]["online"] is False
        created = (await events_of(app.state.runtime))[0]
        assert isinstance(created, MessageCreated)
        assert created.away_ids == []

    async def test_a_replica_that_starts_later_learns_who_is_here(self, replica, address, client, seller, talk):
        async with chat(address, seller, talk):
            await until(lambda: replica.state.hub.count() == 0)
            async with served(replica) as elsewhere, chat(elsewhere, client, talk) as mine:
                await say(mine, "presence")
                assert (await frame(mine))["data"] == {"user_id": str(seller.id), "online": True}

    async def test_two_chat_while_their_replicas_restart(self, app, replica, client, seller, talk):
        """None lost, none twice, in one order for both."""
        counts = 50
        heard: dict[UUID, list[Any]] = {person.id: [] for person in (client, seller)}

        async def writes(person, addresses):
            last, written, turn = None, 0, 0
            while len(heard[person.id]) < 2 * counts:
                turn += 1
                query = {"after": last} if last else {"after": new_id()}
                try:
                    async with chat(addresses[turn % 2], person, talk, **query) as socket:
                        mine = [h["client_id"] for h in heard[person.id] if h["sender_id"] == str(person.id)]
                        written = len(mine)
                        while len(heard[person.id]) < 2 * counts:
                            if written < counts and len(mine) == written:
                                written += 1
                                await say(socket, "message.send", client_id=str(written), body=f"{written}")
                            got = await frame(socket)
                            if got["type"] != "message.created":
                                continue
                            last = got["id"]
                            heard[person.id].append(got["data"])
                            if got["data"]["sender_id"] == str(person.id):
                                mine.append(got["data"]["client_id"])
                except (ConnectionClosed, OSError, InvalidHandshake):
                    await asyncio.sleep(0.02)

        async def restarts(addresses):
            while True:
                for number, one in enumerate((app, replica)):
                    async with served(one) as url:
                        addresses[number] = url
                        await asyncio.sleep(0.5)

        addresses = ["ws://127.0.0.1:9", "ws://127.0.0.1:9"]
        async with asyncio.timeout(60):
            restarting = asyncio.create_task(restarts(addresses))
            await asyncio.gather(writes(client, addresses), writes(seller, addresses))
            restarting.cancel()
            await asyncio.gather(restarting, return_exceptions=True)
        assert heard[client.id] == heard[seller.id]
        ids = [message["id"] for message in heard[client.id]]
        assert len(ids) == len(set(ids)) == 2 * counts
        for person in (client, seller):
            own = [each["body"] for each in heard[person.id] if each["sender_id"] == str(person.id)]
            assert own == [str(number) for number in range(1, counts + 1)]


class TestFanOut:
    async def test_rows_are_read_once_for_a_hundred_sockets(self, app, address, client, seller, talk):
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(chat(address, client, talk)) for _ in range(100)]
            app.state.hub.timeouts = SocketTimeouts(poll=60)
            with statements(app.state.runtime.db) as made:
                await seller.writes(talk, "to all")
                heard = await asyncio.gather(*(frame(socket) for socket in sockets))
        assert {each["data"]["body"] for each in heard} == {"to all"}
        assert any("insert into messaging.messages" in sql for sql in made)
        assert len([sql for sql in made if "union all" in sql.lower()]) <= 2

    async def test_one_who_does_not_read_neither_slows_the_others_nor_fills_memory(
        self, app, address, client, seller, talk
    ):
        app.state.hub.timeouts = SocketTimeouts(poll=0.2, send=0.5)
        await wrote(app, seller, talk, 1_000, "x" * 10_000)
        async with chat(address, seller, talk) as reader:
            slow = await chat(address, client, talk, after=new_id())
            slow.transport.pause_reading()
            for _ in range(50):
                sent = await seller.writes(talk, "x" * 10_000)
                assert (await frame(reader))["id"] == sent["id"]
            conversation = app.state.live_conversations.get(UUID(talk["id"]))
            assert sum(len(each.as_json) for each in conversation._frames) <= 1_000_000
            await until(lambda: app.state.hub.count() == 1)
            slow.transport.abort()
