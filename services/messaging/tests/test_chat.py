import asyncio
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from devtools.testing.servers import is_silent
from services.messaging.tests.conftest import URL, chat, frame, say, wrote
from shared.live.hub import SocketTimeouts
from shared.records.ids import new_id


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
        app.state.hub.timeouts = SocketTimeouts(poll=0.2)
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
                (
                    '{"type": "message.send", "data": {"body": "x", "client_id": 1%s}}' % ("0" * 30),
                    "invalid",
                    "client_id",
                ),
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

    async def test_in_read_only_mode_nothing_is_sent_and_what_others_do_is_still_seen(self, app, address, client, talk):
        async with chat(address, client, talk) as socket:
            app.state.runtime.verifier.read_only = True
            await say(socket, "message.send", client_id="c-1", body="hello")
            refusal = (await frame(socket))["data"]
            assert (refusal["code"], refusal["status"], refusal["client_id"]) == ("read_only", 503, "c-1")
            app.state.runtime.verifier.read_only = False
            await say(socket, "message.send", client_id="c-1", body="hello")
            assert (await frame(socket))["type"] == "message.created"

    async def test_of_thousands_of_unknown_fields_twenty_are_listed(self, address, client, talk):
        async with chat(address, client, talk) as socket:
            await say(socket, "message.send", body="x", **{f"k{number}": 1 for number in range(3000)})
            refusal = (await frame(socket))["data"]
            assert (len(refusal["errors"]), refusal["errors_total"]) == (20, 3000)

    async def test_bytes_end_the_socket_since_messages_are_text(self, address, client, talk):
        async with chat(address, client, talk) as socket:
            await socket.send(json.dumps({"type": "message.send", "data": {"body": "hello"}}).encode())
            await asyncio.wait_for(socket.wait_closed(), 5)
            assert socket.close_code == 1003

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
