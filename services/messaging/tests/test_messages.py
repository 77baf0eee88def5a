import asyncio

import pytest
from sqlalchemy import func, select

from devtools.testing.delivery import events_of
from services.messaging.messages.models import Message
from services.messaging.participants.models import Participant
from services.messaging.tests.conftest import URL
from shared.events.messaging import ConversationRead, MessageCreated
from shared.records.ids import new_id


class TestSend:
    async def test_it_is_stored_and_published(self, app, client, seller, talk):
        sent = await client.writes(talk, "  hello\n", client_id="c-1")
        assert set(sent) == {"id", "conversation_id", "sender_id", "body", "client_id", "created_at"}
        assert (sent["body"], sent["client_id"], sent["sender_id"]) == ("  hello\n", "c-1", str(client.id))
        [published] = [event for event in await events_of(app.state.runtime) if isinstance(event, MessageCreated)]
        assert (str(published.message_id), published.recipient_ids, published.away_ids) == (
            sent["id"],
            [seller.id],
            [seller.id],
        )
        assert "hello" not in published.model_dump_json()

    async def test_a_resend_is_the_same_message(self, client, seller, talk):
        first = await client.writes(talk, "hello", client_id="c-1")
        assert await client.writes(talk, "hello again", client_id="c-1", expect=200) == first
        assert await seller.writes(talk, "mine", client_id="c-1") != first
        assert await client.history(talk) == ["mine", "hello"]

    async def test_a_resend_after_the_conversation_closed_is_still_the_same(self, client, seller, talk):
        first = await client.writes(talk, client_id="c-1")
        await seller.post(f"{URL}{talk['id']}/block/")
        assert await client.writes(talk, client_id="c-1", expect=200) == first

    async def test_fifty_at_once_are_fifty_in_one_order(self, app, client, seller, talk):
        both = [(client, f"c{n}") for n in range(25)] + [(seller, f"s{n}") for n in range(25)]
        await asyncio.gather(*(person.writes(talk, body, client_id=body) for person, body in both))
        async with app.state.runtime.db.read() as session:
            seqs = (await session.scalars(select(Message.seq).order_by(Message.seq))).all()
        assert seqs == list(range(1, 51))
        assert sorted(await client.history(talk, limit=100)) == sorted(body for _, body in both)
        assert [(await person.sees(talk))["unread_count"] for person in (client, seller)] == [25, 25]

    async def test_fifty_resends_at_once_are_one(self, app, client, talk):
        bodies = {"body": "once", "client_id": "same"}
        answers = await asyncio.gather(*(client.post(f"{URL}{talk['id']}/messages/", bodies) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Message)) == 1

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"body": ""},
            {"body": " \n"},
            {"body": "x" * 10_001},
            {"body": "a\x00b"},
            {"body": "hi", "client_id": ""},
            {"body": "hi", "client_id": "x" * 101},
            {"body": "hi", "attachments": ["0190a0a0-0000-7000-8000-000000000000"]},
            {"body": "hi", "color": "red"},
        ],
        ids=["none", "empty", "blank", "long", "nul", "no-name", "long-name", "attachment", "unknown"],
    )
    async def test_bad_bodies(self, client, talk, body):
        answer = await client.post(f"{URL}{talk['id']}/messages/", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")

    async def test_a_lone_surrogate_is_refused(self, client, talk):
        headers = {**client.headers, "Content-Type": "application/json"}
        url = f"{URL}{talk['id']}/messages/"
        answer = await client.client.post(url, content=b'{"body": "\\ud800"}', headers=headers)
        assert answer.status_code == 422

    async def test_ten_thousand_characters_and_no_attachments_are_fine(self, client, talk):
        await client.writes(talk, "🙂" * 10_000, attachments=[])


class TestBlock:
    async def test_neither_of_the_two_writes(self, client, seller, talk):
        assert (await client.post(f"{URL}{talk['id']}/block/")).status_code == 204
        for person in (client, seller):
            assert (await person.writes(talk, expect=403))["code"] == "blocked"
        assert (await seller.delete(f"{URL}{talk['id']}/block/")).status_code == 204
        await seller.writes(talk, expect=403)
        assert (await client.delete(f"{URL}{talk['id']}/block/")).status_code == 204
        await seller.writes(talk)

    async def test_in_a_group_it_is_said_whom(self, app, someone, client, seller):
        group = await client.opens(seller, await someone("Hal", verified=True))
        url = f"{URL}{group['id']}/block/"
        assert (await client.post(url)).json()["errors"][0]["field"] == "user_id"
        assert (await client.post(url, {"user_id": str(new_id())})).status_code == 404
        assert (await client.post(url, {"user_id": str(seller.id)})).status_code == 204
        await seller.writes(group)
        published = (await events_of(app.state.runtime))[-1]
        assert isinstance(published, MessageCreated)
        assert client.id not in published.recipient_ids
        assert (await client.delete(f"{url}?user_id={seller.id}")).status_code == 204


class TestRead:
    async def test_newest_first_and_between_two_messages(self, client, talk):
        sent = [await client.writes(talk, str(number)) for number in range(6)]
        assert await client.history(talk) == ["5", "4", "3", "2", "1", "0"]
        assert await client.history(talk, before=sent[2]["id"]) == ["1", "0"]
        assert await client.history(talk, after=sent[2]["id"]) == ["5", "4", "3"]
        assert await client.history(talk, after=sent[1]["id"], before=sent[4]["id"], limit=1) == ["3"]
        assert await client.history(talk, ordering="created_at", limit=2) == ["0", "1"]
        assert (await client.get(f"{URL}{talk['id']}/messages/", ordering="body")).status_code == 422
        page = (await client.get(f"{URL}{talk['id']}/messages/", limit=4)).json()
        assert (page["total"], page["has_more"], len(page["results"])) == (6, True, 4)

    async def test_ids_of_another_conversation_are_404(self, someone, client, talk):
        other = await client.opens(await someone("Hal", verified=True))
        foreign = await client.writes(other)
        for query in ({"before": foreign["id"]}, {"after": foreign["id"]}, {"after": str(new_id())}):
            assert (await client.get(f"{URL}{talk['id']}/messages/", **query)).status_code == 404
        assert (await client.get(f"{URL}{talk['id']}/messages/", after="soon")).status_code == 422

    async def test_search_in_one_and_in_all_of_ones_messages(self, someone, client, stranger, talk):
        other = await client.opens(await someone("Hal", verified=True))
        for place, body in ((talk, "My left knee"), (talk, "thanks"), (other, "another KNEE")):
            await client.writes(place, body)
        assert await client.history(talk, search="knee") == ["My left knee"]
        found = (await client.get(f"{URL}messages/", search="knee")).json()
        assert [message["body"] for message in found["results"]] == ["another KNEE", "My left knee"]
        assert (await stranger.get(f"{URL}messages/", search="knee")).json()["total"] == 0

    @pytest.mark.parametrize("length", [600, 663, 664, 665, 2000, 9000])
    async def test_search_finds_messages_of_every_length(self, client, talk, length):
        unlike = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(length))  # three octets each
        sent = await client.writes(talk, f"knee {unlike}")
        assert await client.history(talk, search="knee") == [sent["body"]]
        for url in (f"{URL}messages/", URL):
            assert (await client.get(url, search=unlike[-40:])).json()["total"] == 1
            assert (await client.get(url, search=f"knee -{unlike[-5:]}")).json()["total"] == 0


class TestReceipts:
    async def test_unread_counts_what_others_wrote_behind_it(self, client, seller, talk):
        sent = [await client.writes(talk, str(number)) for number in range(3)]
        own = await seller.writes(talk, "mine")
        assert [(await person.sees(talk))["unread_count"] for person in (client, seller)] == [1, 3]
        await seller.reads(talk, sent[1])
        assert (await seller.sees(talk))["unread_count"] == 1
        await seller.reads(talk, own)
        assert (await seller.sees(talk))["unread_count"] == 0

    async def test_it_never_goes_back(self, app, client, seller, talk):
        sent = [await client.writes(talk, str(number)) for number in range(3)]
        for message in (sent[2], sent[0], sent[2]):
            await seller.reads(talk, message)
        shown = {person["user_id"]: person["read_up_to"] for person in (await client.sees(talk))["participants"]}
        assert shown == {str(client.id): None, str(seller.id): sent[2]["id"]}
        published = [event for event in await events_of(app.state.runtime) if isinstance(event, ConversationRead)]
        assert [(str(event.up_to), event.unread_count) for event in published] == [(sent[2]["id"], 0)]

    async def test_a_message_of_another_conversation_is_404(self, someone, client, talk):
        other = await client.opens(await someone("Hal", verified=True))
        await client.reads(talk, await client.writes(other), expect=404)
        await client.reads(talk, {"id": str(new_id())}, expect=404)
        await client.reads(talk, {"id": "soon"}, expect=422)

    async def test_fifty_sends_and_reads_at_once_count_right(self, app, client, seller, talk):
        sent = [await client.writes(talk, str(number)) for number in range(10)]
        reads = [seller.reads(talk, sent[number % 10]) for number in range(25)]
        writes = [client.writes(talk, f"more {number}") for number in range(25)]
        await asyncio.gather(*reads, *writes)
        async with app.state.runtime.db.read() as session:
            participant = (await session.scalars(select(Participant).where(Participant.user_id == seller.id))).one()
            behind = select(func.count()).select_from(Message).where(Message.seq > participant.read_seq)
            rows = await session.scalar(behind.where(Message.sender_id != seller.id))
        assert (await seller.sees(talk))["unread_count"] == rows
        assert str(participant.read_up_to) == sent[9]["id"]
