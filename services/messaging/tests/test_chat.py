import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from devtools.testing.delivery import events_of
from devtools.testing.fixtures import runtime_on
from devtools.testing.observation import statements
from services.messaging.app import create_app
from services.messaging.models import Conversation, Message
from services.messaging.tests.conftest import URL, chat, frame, is_silent, say, served, until
from shared.events.messaging import MessageCreated
from shared.live.sockets import Pace
from shared.records.ids import new_id


@pytest.fixture
async def replica(app, runtime_for):
    """A second process of the service: same database and bus, its own everything else."""
    first = app.state.runtime
    second = runtime_on(first.db.url, "messaging", first.clock, {}, {})
    other = create_app(replace(second, bus=first.bus))
    yield other
    await second.db.close()


class TestHandshake:
    @pytest.mark.parametrize("query", ["", "?token=nonsense"])
    async def test_without_a_good_token_401(self, address, talk, query):
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{address}/ws/chat/{talk['id']}/{query}")
        assert refused.value.response.status_code == 401
        assert json.loads(refused.value.response.body or b"")["code"] == "unauthenticated"

    async def test_not_a_member_404(self, address, stranger, talk):
        for conversation in (talk, {"id": str(new_id())}, {"id": "nonsense"}):
            with pytest.raises(InvalidStatus) as refused:
                await chat(address, stranger, conversation)
            assert refused.value.response.status_code == 404

    async def test_a_token_as_subprotocol_is_echoed(self, address, client, talk):
        offered = Subprotocol(f"bearer.{client.token}")
        async with connect(f"{address}/ws/chat/{talk['id']}/", subprotocols=[offered]) as socket:
            assert socket.subprotocol == offered

    async def test_a_malformed_after_422(self, address, client, talk):
        with pytest.raises(InvalidStatus) as refused:
            await chat(address, client, talk, after="yesterday")
        assert refused.value.response.status_code == 422


class TestFrames:
    async def test_every_socket_of_every_member_hears_what_is_sent(self, address, client, seller, talk):
        async with (
            chat(address, client, talk) as mine,
            chat(address, client, talk) as mine_too,
            chat(address, seller, talk) as theirs,
        ):
            sent = await client.writes(talk, "hello", client_id="c-1")
            frames = [await frame(socket) for socket in (mine, mine_too, theirs)]
        assert frames[0] == frames[1] == frames[2]
        assert set(frames[0]) == {"id", "type", "data", "created_at"}
        assert (frames[0]["type"], frames[0]["data"]) == ("message.created", sent)

    async def test_a_socket_sends(self, address, client, seller, talk):
        async with chat(address, client, talk) as mine, chat(address, seller, talk) as theirs:
            await say(mine, "message.send", client_id="c-1", body="hello")
            heard = await frame(theirs)
            assert (heard["data"]["body"], heard["data"]["client_id"]) == ("hello", "c-1")
            assert await frame(mine) == heard
        assert await client.history(talk) == ["hello"]

    async def test_a_resend_is_answered_to_its_sender_alone(self, address, client, seller, talk):
        sent = await client.writes(talk, "hello", client_id="c-1")
        async with chat(address, client, talk) as mine, chat(address, seller, talk) as theirs:
            await say(mine, "message.send", client_id="c-1", body="hello")
            known = await frame(mine)
            assert (known["type"], known["data"]) == ("message.known", sent)
            assert await is_silent(theirs)

    async def test_receipts_reach_the_others(self, address, client, seller, talk):
        sent = await client.writes(talk)
        async with chat(address, client, talk) as mine:
            await seller.reads(talk, sent)
            heard = await frame(mine)
        assert (heard["type"], heard["data"]) == ("message.read", {"user_id": str(seller.id), "up_to": sent["id"]})

    async def test_a_new_socket_hears_only_what_is_new(self, address, client, talk):
        await client.writes(talk, "before")
        async with chat(address, client, talk) as mine:
            assert await is_silent(mine)

    async def test_a_lost_hint_delays_and_loses_nothing(self, app, address, client, talk):
        app.state.hub.pace = Pace(poll=0.2)
        async with chat(address, client, talk) as mine:
            await wrote(app, client, talk, 1, "unheard of")
            assert (await frame(mine))["data"]["body"] == "unheard of"


class TestResume:
    async def test_it_goes_on_behind_the_last_frame_whatever_it_was(self, address, client, seller, talk):
        sent = [await client.writes(talk, str(number)) for number in range(3)]
        await seller.reads(talk, sent[0])
        async with chat(address, seller, talk, after=new_id()) as socket:
            frames = [await frame(socket) for _ in range(4)]
            await say(socket, "message.send", body="")
            refusal = await frame(socket)
        await seller.reads(talk, sent[1])
        await client.writes(talk, "3")
        kinds = [each["type"] for each in frames]
        assert kinds == ["message.created"] * 3 + ["message.read"]
        for after, missing in ((sent[0]["id"], 4), (sent[2]["id"], 2), (frames[3]["id"], 2), (refusal["id"], 2)):
            async with chat(address, seller, talk, after=after) as socket:
                heard = [await frame(socket) for _ in range(missing)]
                assert await is_silent(socket)
            assert heard[-1]["data"]["body"] == "3"
            assert heard[-2]["data"]["up_to"] == sent[1]["id"]

    async def test_a_long_absence_is_made_up_for(self, app, address, client, talk):
        first = await client.writes(talk, "first")
        await wrote(app, client, talk, 250)
        async with chat(address, client, talk, after=first["id"]) as socket:
            heard = [(await frame(socket))["data"]["body"] for _ in range(250)]
            assert await is_silent(socket)
        assert heard == [str(number) for number in range(1, 251)]


class TestRefusals:
    async def test_what_cannot_be_sent_is_said(self, address, client, seller, talk):
        async with chat(address, client, talk) as socket:
            for text, code, field in (
                ("hello", "invalid", ""),
                ("[]", "invalid", ""),
                (json.dumps({"type": "message.send", "data": {"body": "", "client_id": "c"}}), "invalid", "body"),
                (json.dumps({"type": "message.send", "data": {"body": "x" * 10_001}}), "invalid", "body"),
                (json.dumps({"type": "message.send", "data": {"body": "x", "to": "y"}}), "invalid", "to"),
                ('{"type": "message.send", "data": {"body": "\\ud800"}}', "invalid", ""),
                (json.dumps({"type": "dance"}), "unknown_type", "type"),
            ):
                await socket.send(text)
                refusal = await frame(socket)
                assert (refusal["type"], refusal["data"]["code"]) == ("error", code)
                assert refusal["data"]["errors"][0]["field"] == field
            await seller.post(f"{URL}{talk['id']}/block/")
            await say(socket, "message.send", client_id="c-9", body="hello")
            refusal = (await frame(socket))["data"]
            assert (refusal["code"], refusal["status"], refusal["client_id"]) == ("blocked", 403, "c-9")
        assert await client.history(talk) == []

    async def test_a_revoked_session_hears_no_more(self, app, address, client, seller, talk):
        token = client.token
        async with connect(f"{address}/ws/chat/{talk['id']}/?token={token}") as socket:
            await seller.writes(talk, "before")
            assert (await frame(socket))["data"]["body"] == "before"
            verifier = app.state.runtime.verifier
            verifier.revoke((await verifier.user(token)).session_id)
            await seller.writes(talk, "after")
            with pytest.raises(ConnectionClosed):
                await frame(socket)
            assert socket.close_code == 4401

    async def test_a_revoked_session_writes_no_more(self, app, address, client, talk):
        token = client.token
        url = f"{address}/ws/chat/{talk['id']}/?token={token}"
        async with connect(url) as socket:
            verifier = app.state.runtime.verifier
            verifier.revoke((await verifier.user(token)).session_id)
            await say(socket, "message.send", body="hello")
            assert (await frame(socket))["data"]["code"] == "token_expired"
        assert await client.history(talk) == []


class TestPassing:
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
        told = [event.away_ids for event in await events_of(app.state.runtime) if isinstance(event, MessageCreated)]
        assert told == [[], [seller.id]]


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
        told = (await events_of(app.state.runtime))[0]
        assert isinstance(told, MessageCreated)
        assert told.away_ids == []

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
            app.state.hub.pace = Pace(poll=60)
            with statements(app.state.runtime.db) as made:
                await seller.writes(talk, "to all")
                heard = await asyncio.gather(*(frame(socket) for socket in sockets))
        assert {each["data"]["body"] for each in heard} == {"to all"}
        assert any("insert into messaging.messages" in sql for sql in made)
        assert len([sql for sql in made if "union all" in sql.lower()]) <= 2

    async def test_one_who_does_not_read_neither_slows_the_others_nor_fills_memory(
        self, app, address, client, seller, talk
    ):
        app.state.hub.pace = Pace(poll=0.2, send=0.5)
        await wrote(app, seller, talk, 1_000, "x" * 10_000)
        async with chat(address, seller, talk) as reader:
            slow = await chat(address, client, talk, after=new_id())
            slow.transport.pause_reading()
            for _ in range(50):
                sent = await seller.writes(talk, "x" * 10_000)
                assert (await frame(reader))["id"] == sent["id"]
            room = app.state.rooms.room(UUID(talk["id"]))
            assert sum(len(each.line) for each in room._frames) <= 1_000_000
            await until(lambda: app.state.hub.count() == 1)
            slow.transport.abort()


async def wrote(app, person, talk, count, body=""):
    """That many messages, stored without the service."""
    async with app.state.runtime.db.transaction() as session:
        conversation = await session.get_one(Conversation, UUID(talk["id"]))
        rows = [
            {
                "id": new_id(),
                "conversation_id": conversation.id,
                "seq": conversation.last_seq + number,
                "sender_id": person.id,
                "body": body or str(number),
                "created_at": session.now(),
            }
            for number in range(1, count + 1)
        ]
        await session.execute(insert(Message), rows)
        conversation.last_seq, conversation.last_message_id = rows[-1]["seq"], rows[-1]["id"]
