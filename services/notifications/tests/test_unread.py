from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.notifications.channels.mail.domain import MailStatus
from services.notifications.channels.mail.models import Mail
from services.notifications.live.models import StoredFrame
from services.notifications.people.models import Person
from services.notifications.unread.models import UnreadConversation
from services.notifications.unread.service import send_mail
from shared.events.identity import UserDeactivated
from shared.events.messaging import ConversationRead, MessageCreated, SubjectForgotten
from shared.records.ids import new_id

URL = "/api/v1/notifications/"
ADDRESS = "client@example.org"


@pytest.fixture
def client(app, client_for):
    return client_for(app)


@pytest.fixture
def message(clock, client_id, seller_id):
    """`message(...)`: the seller writes to the client, who is away; always in the same conversation."""
    conversation_id = new_id()

    def make(**changes: Any) -> MessageCreated:
        given = {
            "conversation_id": conversation_id,
            "message_id": new_id(),
            "sender_id": seller_id,
            "recipient_ids": [client_id],
            "away_ids": [client_id],
            "booking_id": None,
            "subject": "Quiet yoga",
            "created_at": clock.now(),
        }
        return MessageCreated(**given | changes)

    return make


@pytest.fixture
def read(clock, client_id, message):
    def make(unread_count: int = 0) -> ConversationRead:
        notified = message()
        return ConversationRead(
            conversation_id=notified.conversation_id,
            user_id=client_id,
            up_to=notified.message_id,
            unread_count=unread_count,
            read_at=clock.now(),
        )

    return make


@pytest.fixture
def notifications(client, client_id):
    async def ask() -> list[Any]:
        return (await client.get(URL, headers=headers_for(client_id))).json()["results"]

    return ask


class TestMessageCreated:
    async def test_who_is_away_gets_a_notification(self, app, message, notifications):
        event = message()
        await deliver_twice(app, event)
        [notification] = await notifications()
        assert (notification["type"], notification["title"]) == ("message.created", "New messages: Quiet yoga")
        assert notification["data"]["conversation_id"] == str(event.conversation_id)
        assert notification["data"]["count"] == 1

    async def test_ten_are_one_until_it_is_read(self, app, client, client_id, message, notifications):
        for _ in range(10):
            await deliver_twice(app, message())
        [first] = await notifications()
        assert first["data"]["count"] == 10
        await client.post(f"{URL}{first['id']}/read/", headers=headers_for(client_id))
        for _ in range(2):
            await deliver(app, message())
        second, again = await notifications()
        assert (second["data"]["count"], second["read_at"], again["id"]) == (2, None, first["id"])

    async def test_conversations_are_notified_of_apart(self, app, message, notifications):
        await deliver(app, message())
        await deliver(app, message(conversation_id=new_id(), subject=None))
        assert {notification["title"] for notification in await notifications()} == {
            "New messages",
            "New messages: Quiet yoga",
        }

    async def test_who_has_the_chat_open_gets_none(self, app, message, notifications):
        await deliver(app, message(away_ids=[]))
        assert await notifications() == []

    async def test_what_is_switched_off_stays_away(
        self, app, client, client_id, clock, mailbox, message, notifications
    ):
        off = {"messages": {"email": False, "in_app": False}}
        await client.put(f"{URL}preferences/", headers=headers_for(client_id), json=off)
        await deliver(app, message())
        clock.advance(timedelta(minutes=6))
        await run_jobs(app)
        assert (await notifications(), mailbox.received) == ([], [])


class TestMail:
    async def test_one_comes_after_five_unread_minutes(self, app, clock, mailbox, message):
        for minute in range(5):
            await run_jobs(app)
            assert mailbox.to(ADDRESS) == [], minute
            await deliver(app, message())
            clock.advance(timedelta(minutes=1))
        await run_jobs(app)
        [mail] = mailbox.to(ADDRESS)
        assert mail["Subject"] == "New messages: Quiet yoga"
        await deliver(app, message())
        clock.advance(timedelta(minutes=30))
        await run_jobs(app)
        assert len(mailbox.to(ADDRESS)) == 1

    async def test_who_had_the_chat_open_and_did_not_read_gets_it_too(self, app, clock, mailbox, message):
        await deliver(app, message(away_ids=[]))
        clock.advance(timedelta(minutes=5))
        await run_jobs(app)
        assert len(mailbox.to(ADDRESS)) == 1

    async def test_none_comes_where_it_was_read(self, app, clock, mailbox, message, read):
        await deliver(app, message())
        clock.advance(timedelta(minutes=4))
        await deliver_twice(app, read())
        clock.advance(timedelta(minutes=4))
        await run_jobs(app)
        assert mailbox.to(ADDRESS) == []

    async def test_one_that_could_not_be_sent_is_dropped_once_it_is_useless(self, app, clock, mailbox, message, read):
        mailbox.stop()
        await deliver(app, message())
        clock.advance(timedelta(minutes=5))
        runtime = app.state.runtime
        assert await app.state.jobs["mail_unread"].run(runtime) == 1
        await deliver(app, read())
        async with runtime.db.read() as session:
            assert (await session.scalars(select(Mail.status))).all() == [MailStatus.DROPPED]

    async def test_after_reading_the_next_one_is_mailed_again(self, app, clock, mailbox, message, read):
        for _ in range(2):
            await deliver(app, message())
            clock.advance(timedelta(minutes=5))
            await run_jobs(app)
            await deliver(app, read())
        assert len(mailbox.to(ADDRESS)) == 2


class TestConversationRead:
    async def test_the_notification_is_read_with_it(self, app, message, read, notifications):
        await deliver(app, message())
        await deliver(app, read(unread_count=1))
        assert (await notifications())[0]["read_at"] is None
        await deliver_twice(app, read())
        [notification] = await notifications()
        assert notification["read_at"] == "2026-12-01T08:00:00Z"
        async with app.state.runtime.db.read() as session:
            frames = list(await session.scalars(select(StoredFrame).order_by(StoredFrame.seq)))
        assert [frame.type for frame in frames] == ["notification.created", "notification.updated"]
        assert frames[1].data == notification

    async def test_the_sockets_get_each_message_that_a_notification_counts(self, app, message, notifications):
        for _ in range(3):
            await deliver_twice(app, message())
        async with app.state.runtime.db.read() as session:
            frames = list(await session.scalars(select(StoredFrame).order_by(StoredFrame.seq)))
        assert [frame.data["data"]["count"] for frame in frames] == [1, 2, 3]
        assert frames[2].data == (await notifications())[0]

    async def test_what_no_one_notified_of_changes_nothing(self, app, read, notifications):
        await deliver_twice(app, read())
        assert await notifications() == []


async def test_nothing_is_sent_to_an_account_that_is_no_more(app, clock, client_id, mailbox, message):
    await deliver(app, message())
    await deliver_twice(app, UserDeactivated(user_id=client_id))
    clock.advance(timedelta(minutes=5))
    await run_jobs(app)
    assert mailbox.to(ADDRESS) == []
    async with app.state.runtime.db.read() as session:
        assert await session.get(Person, client_id) is None
        assert await session.scalar(select(func.count()).select_from(UnreadConversation)) == 0


class TestSubjectForgotten:
    async def test_neither_notifications_nor_mails_name_it(
        self, app, clock, message, notifications, mailbox, client_id
    ):
        first = message(subject="Cleo's plans")
        await deliver(app, first)
        other = message(conversation_id=new_id(), subject="Quiet yoga")
        await deliver(app, other)
        forgotten = SubjectForgotten(conversation_id=first.conversation_id, member_ids=[client_id, new_id()])
        await deliver_twice(app, forgotten)
        assert {notification["title"] for notification in await notifications()} == {
            "New messages",
            "New messages: Quiet yoga",
        }
        async with app.state.runtime.db.read() as session:
            frames = (await session.scalars(select(StoredFrame))).all()
            assert {frame.data["title"] for frame in frames} == {"New messages", "New messages: Quiet yoga"}
            about = set((await session.scalars(select(UnreadConversation.subject))).all())
        assert about == {None, "Quiet yoga"}
        clock.advance(timedelta(minutes=6))
        await run_jobs(app)
        assert {mail["Subject"] for mail in mailbox.to(ADDRESS)} == {"New messages", "New messages: Quiet yoga"}

    async def test_an_answer_that_named_it_is_given_anew(self, app, client, message, notifications, client_id):
        await deliver(app, first := message(subject="Cleo's plans"))
        [notification] = await notifications()
        path, headers = f"{URL}{notification['id']}/read/", headers_for(client_id, idempotency_key="seen")
        assert "Cleo" in (await client.post(path, headers=headers)).text
        await deliver(app, SubjectForgotten(conversation_id=first.conversation_id, member_ids=[client_id]))
        again = await client.post(path, headers=headers)
        assert (again.status_code, again.json()["title"]) == (200, "New messages")

    async def test_a_mail_that_waits_loses_it_too(self, app, clock, message, client_id):
        await deliver(app, first := message(subject="Cleo's plans"))
        clock.advance(timedelta(minutes=6))
        async with app.state.runtime.db.transaction() as session:
            await send_mail(app.state.runtime, session, client_id, first.conversation_id)
        await deliver(app, SubjectForgotten(conversation_id=first.conversation_id, member_ids=[client_id]))
        async with app.state.runtime.db.read() as session:
            [mail] = (await session.scalars(select(Mail))).all()
        assert (mail.template, "Cleo" in str(mail.params)) == ("message.created", False)
