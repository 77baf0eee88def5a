import asyncio
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update
from websockets.exceptions import ConnectionClosed

from devtools.testing.delivery import deliver, deliver_twice, erase, events_of, run_jobs
from devtools.testing.waiting import PATIENCE
from services.messaging.conversations.models import Conversation
from services.messaging.conversations.service import leave
from services.messaging.directory.models import User
from services.messaging.invariants import INVARIANTS
from services.messaging.participants.models import Participant
from services.messaging.tests.conftest import URL, booked, chat, frame, practice, registered
from shared.auth.verification import Caller
from shared.events.identity import UserDeactivated
from shared.events.messaging import ConversationRead, MessageCreated, SubjectForgotten


@pytest.fixture
async def helper(someone):
    return await someone("Hal", verified=True)


@pytest.fixture
async def group(client, seller, helper):
    """Of the client and two practitioners."""
    return await client.opens(seller, helper, subject="Both knees")


async def leaves(person, conversation, expect=204, other=None):
    answer = await person.delete(f"{URL}{conversation['id']}/participants/{(other or person).id}/")
    assert answer.status_code == expect, answer.text
    return answer.json() if expect >= 400 else None


def caller(person):
    return Caller(person.id, frozenset({"user"}), None, person.id)


async def waiting(db, number):
    """Until so many statements wait for a lock."""
    query = text("select count(*) from pg_locks where not granted")
    async with asyncio.timeout(PATIENCE):
        while True:
            async with db.read() as session:
                if await session.scalar(query) >= number:
                    return
            await asyncio.sleep(0.05)


class TestLeave:
    async def test_who_leaves_sees_and_finds_nothing_any_more(self, app, client, seller, helper, group):
        await helper.writes(group, "I know knees")
        said = await client.writes(group, "thanks")
        await leaves(helper, group)
        assert (await helper.get(URL)).json()["total"] == 0
        assert (await helper.get(f"{URL}messages/", search="knees")).json()["total"] == 0
        await helper.writes(group, expect=404)
        await leaves(helper, group, expect=404)
        assert await client.history(group) == ["thanks", "I know knees"]
        assert {person["user_id"] for person in (await client.sees(group))["participants"]} == {
            str(client.id), str(seller.id)
        }  # fmt: skip
        [read] = [event for event in await events_of(app.state.runtime) if isinstance(event, ConversationRead)]
        assert (str(read.up_to), read.user_id, read.unread_count) == (said["id"], helper.id, 0)

    async def test_the_same_people_again_are_a_new_conversation(self, client, seller, helper, group):
        await leaves(helper, group)
        assert (await client.opens(seller, helper))["id"] != group["id"]
        assert (await client.opens(seller))["id"] != group["id"]

    async def test_two_and_the_sides_of_a_booking_stay(self, app, client, seller, helper, talk, group):
        assert (await leaves(client, talk, expect=409))["code"] == "fixed_members"
        booking = await booked(app, client, seller)
        about = await client.opens(seller, expect=200, booking_id=str(booking.id))
        assert (await leaves(client, about, expect=409))["code"] == "fixed_members"
        await leaves(helper, group)
        assert (await leaves(client, group, expect=409))["code"] == "fixed_members"

    async def test_two_who_leave_at_once_leave_two_behind(self, client, seller, helper, group):
        answers = await asyncio.gather(
            *(person.delete(f"{URL}{group['id']}/participants/{person.id}/") for person in (client, seller, helper))
        )
        assert sorted(answer.status_code for answer in answers) == [204, 409, 409]

    async def test_a_message_that_waited_for_a_leaving_is_not_for_who_left(self, app, client, seller, helper, group):
        db, conversation_id = app.state.runtime.db, UUID(group["id"])
        async with db.transaction() as session:
            await leave(session, conversation_id, caller(helper), helper.id, app.state.live)
            sending = asyncio.create_task(client.writes(group, "only us"))
            late = asyncio.create_task(helper.post(f"{URL}{group['id']}/messages/", {"body": "me too"}))
            await waiting(db, 2)
        await sending
        assert (await late).status_code == 404
        [created] = [event for event in await events_of(app.state.runtime) if isinstance(event, MessageCreated)]
        assert created.recipient_ids == [seller.id]
        assert await client.history(group) == ["only us"]

    async def test_nobody_takes_another_out(self, client, seller, stranger, group):
        await leaves(client, group, expect=403, other=seller)
        await leaves(client, group, expect=404, other=stranger)

    async def test_the_invariants_hold(self, app, client, seller, helper, group):
        await helper.reads(group, await client.writes(group))
        await helper.writes(group)
        await leaves(helper, group)
        async with app.state.runtime.db.read() as session:
            for name, sql in INVARIANTS.items():
                assert not (await session.execute(text(sql))).all(), name


class TestSockets:
    async def test_who_leaves_hears_no_more_and_the_others_do(self, address, client, seller, helper, group):
        async with chat(address, helper, group) as gone, chat(address, seller, group) as stays:
            await leaves(helper, group)
            await client.writes(group, "only us")
            with pytest.raises(ConnectionClosed) as ended:
                await frame(gone, "message.created")
            assert ended.value.rcvd is not None
            assert ended.value.rcvd.code == 4403
            assert (await frame(stays, "message.created"))["data"]["body"] == "only us"

    async def test_a_lost_hint_only_delays_the_end(self, app, address, helper, group):
        async with chat(address, helper, group) as gone:
            async with app.state.runtime.db.transaction() as session:
                await session.execute(delete(Participant).where(Participant.user_id == helper.id))
            async with asyncio.timeout(PATIENCE):
                with pytest.raises(ConnectionClosed):
                    await gone.recv()


class TestDisplayNames:
    async def names(self, caller, conversation):
        return {person["user_id"]: person["name"] for person in (await caller.sees(conversation))["participants"]}

    async def test_one_that_came_before_the_person_is_kept(self, app, client, seller, talk):
        await deliver(app, registered(seller.id, "Late"))
        assert (await self.names(client, talk))[str(seller.id)] == "Sal's practice"

    async def test_of_whom_catalog_had_none_is_asked_for(self, app, elsewhere, client, seller, talk):
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(User).values(display_name=None))
        assert (await self.names(client, talk))[str(seller.id)] == "Sal Doe"
        elsewhere["catalog"][str(seller.id)] = practice("Sal's studio")
        await run_jobs(app)
        assert (await self.names(client, talk))[str(seller.id)] == "Sal's studio"

    async def test_a_deactivated_one_gets_none_back(self, app, elsewhere, client, seller, talk):
        await deliver_twice(app, UserDeactivated(user_id=seller.id))
        elsewhere["catalog"][str(seller.id)] = practice("Back")
        await run_jobs(app)
        assert (await self.names(client, talk))[str(seller.id)] is None


class TestTwoClients:
    async def test_a_practitioner_names_one_client(self, app, client, stranger, seller, helper):
        for person in (client, stranger):
            await booked(app, person, seller)
        assert (await seller.opens(client, stranger, expect=403))["code"] == "not_allowed_to_write"
        await seller.opens(client, helper)


class TestErased:
    async def test_the_subjects_that_they_gave_and_their_reports_go(self, app, client, seller, helper, group):
        theirs = await seller.opens(helper, subject="Our plans")
        about = await booked(app, client, seller)
        await client.post(f"{URL}{group['id']}/reports/", {"reason": "I, Cleo Doe, complain"})
        await erase(app, client.id)
        assert (await seller.sees(group))["subject"] is None
        [published] = [event for event in await events_of(app.state.runtime) if isinstance(event, SubjectForgotten)]
        assert str(published.conversation_id) == group["id"]
        assert set(published.member_ids) == {client.id, seller.id, helper.id}
        assert (await seller.sees(theirs))["subject"] == "Our plans"
        assert (await seller.opens(client, expect=200, booking_id=str(about.id)))["subject"] == about.service_title
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(text("select reason from messaging.reports")) == ""

    async def test_a_booking_s_conversation_has_its_title_again(self, app, client, seller):
        about = await booked(app, client, seller)
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(Conversation).values(opened_by=client.id, subject="Cleo's knees"))
        await erase(app, client.id)
        assert (await seller.opens(client, expect=200, booking_id=str(about.id)))["subject"] == about.service_title
        assert [event for event in await events_of(app.state.runtime) if isinstance(event, SubjectForgotten)]

    async def test_an_old_subject_goes_with_any_of_its_people(self, app, client, seller, group):
        async with app.state.runtime.db.transaction() as session:
            await session.execute(update(Conversation).values(opened_by=None))
        await erase(app, client.id)
        assert (await seller.sees(group))["subject"] is None
