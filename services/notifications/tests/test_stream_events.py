from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, deliver_twice, erase, run_jobs
from services.notifications.channels.mail.models import Mail
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from services.notifications.tests.test_booking_events import rows
from shared.events.identity import UserDeactivated
from shared.events.streams import CommentCreated, PostAnnounced, PostDeleted
from shared.records.ids import new_id

URL = "/api/v1/notifications/"
STREAM, POST = new_id(), new_id()


@pytest.fixture
def client(app, client_for) -> Any:
    return client_for(app)


def announced(*recipients, **changes) -> PostAnnounced:
    given = {"post_id": POST, "stream_id": STREAM, "stream_title": "Quiet mornings", "title": "Day one"}
    return PostAnnounced(**{**given, **changes}, recipient_ids=recipients)


def commented(*recipients, **changes) -> CommentCreated:
    given = {"stream_id": STREAM, "post_id": POST, "parent_id": None, "author_id": new_id(), "subject_title": "Day one"}
    return CommentCreated(**{**given, **changes}, comment_id=new_id(), recipient_ids=recipients)


class TestPostAnnounced:
    async def test_each_recipient_gets_one_notification_and_one_mail(self, app, mailbox, client_id, seller_id):
        await deliver_twice(app, announced(client_id, seller_id))
        await deliver(app, announced(client_id))
        notifications = await rows(app, StoredNotification)
        assert {notification.user_id for notification in notifications} == {client_id, seller_id}
        assert len(notifications) == len(await rows(app, Mail)) == 2
        assert {(n.type, n.title, n.data["post_id"]) for n in notifications} == {
            ("post.published", "New in Quiet mornings: Day one", str(POST))
        }
        await run_jobs(app)
        [mail] = mailbox.to("client@example.org")
        assert mail["Subject"] == "New in Quiet mornings: Day one"

    async def test_who_switched_posts_off_gets_nothing(self, app, client, client_id, seller_id):
        off = {"posts": {"email": False, "in_app": False}}
        assert (await client.put(f"{URL}preferences/", headers=headers_for(client_id), json=off)).status_code == 200
        await deliver(app, announced(client_id, seller_id))
        assert [notification.user_id for notification in await rows(app, StoredNotification)] == [seller_id]
        assert [mail.user_id for mail in await rows(app, Mail)] == [seller_id]


class TestPostDeleted:
    async def test_mails_that_wait_are_dropped_and_those_of_other_posts_go(self, app, mailbox, client_id):
        await deliver(app, announced(client_id))
        await deliver(app, announced(client_id, post_id=new_id(), title="Day two"))
        await deliver_twice(app, PostDeleted(post_id=POST, stream_id=STREAM))
        await run_jobs(app)
        assert [mail["Subject"] for mail in mailbox.to("client@example.org")] == ["New in Quiet mornings: Day two"]
        assert sorted(mail.status for mail in await rows(app, Mail)) == ["dropped", "sent"]

    async def test_mails_that_wait_about_posts_of_a_closed_account_are_dropped(
        self, app, mailbox, client_id, seller_id
    ):
        await deliver(app, announced(client_id, owner_id=seller_id))
        await deliver(app, announced(client_id, post_id=new_id(), title="Day two", owner_id=new_id()))
        await deliver_twice(app, UserDeactivated(user_id=seller_id))
        await run_jobs(app)
        assert [mail["Subject"] for mail in mailbox.to("client@example.org")] == ["New in Quiet mornings: Day two"]


class TestCommentCreated:
    async def test_ten_new_comments_are_one_notification(self, app, clock, client, client_id):
        for _ in range(10):
            clock.advance(timedelta(minutes=1))
            await deliver_twice(app, commented(client_id))
        listed = (await client.get(URL, headers=headers_for(client_id))).json()
        [notification] = listed["results"]
        assert (notification["title"], notification["data"]["count"]) == ("10 new comments: Day one", 10)
        assert (notification["data"]["post_id"], notification["created_at"]) == (str(POST), "2026-12-01T08:10:00Z")
        assert (listed["unread_count"], await rows(app, Mail)) == (1, [])
        frames = [(frame.type, frame.data["data"]["count"]) for frame in await rows(app, StoredFrame)]
        assert frames == [("notification.created", 1), *(("notification.updated", n) for n in range(2, 11))]

    async def test_what_is_read_is_not_added_to(self, app, client, client_id):
        await deliver(app, commented(client_id))
        [first] = await rows(app, StoredNotification)
        await client.post(f"{URL}{first.id}/read/", headers=headers_for(client_id))
        await deliver(app, commented(client_id))
        assert [notification.title for notification in await rows(app, StoredNotification)] == [
            "New comment: Day one"
        ] * 2

    async def test_each_post_and_the_stream_itself_have_their_own(self, app, client_id, seller_id):
        for _ in range(2):
            await deliver(app, commented(client_id, seller_id))
            await deliver(app, commented(client_id, post_id=new_id()))
            await deliver(app, commented(client_id, post_id=None, subject_title="Quiet mornings"))
        mine = [
            notification for notification in await rows(app, StoredNotification) if notification.user_id == client_id
        ]
        assert sorted(notification.title for notification in mine) == [
            "2 new comments: Day one", "2 new comments: Quiet mornings", "New comment: Day one", "New comment: Day one",
        ]  # fmt: skip

    async def test_who_switched_comments_off_gets_nothing_more(self, app, client, client_id):
        await deliver(app, commented(client_id))
        off = {"comments": {"email": False, "in_app": False}}
        await client.put(f"{URL}preferences/", headers=headers_for(client_id), json=off)
        await deliver(app, commented(client_id))
        [notification] = await rows(app, StoredNotification)
        assert notification.data["count"] == 1


class TestOwnerErased:
    async def test_no_title_of_theirs_is_left(self, app, mailbox, client_id, seller_id):
        gave = {"owner_id": seller_id}
        await deliver(app, announced(client_id, **gave, stream_title="Sal's mornings", title="Sal on rest"))
        for _ in range(2):
            await deliver(app, commented(client_id, **gave, subject_title="Sal on rest"))
        await erase(app, seller_id)
        published, commented_on = await rows(app, StoredNotification)
        assert published.title == "New in a stream: a post that was removed"
        assert commented_on.title == "2 new comments: something that was removed"
        for kind in (StoredNotification, Mail, StoredFrame):
            for row in await rows(app, kind):
                assert "Sal" not in str({column.key: getattr(row, column.key) for column in kind.__table__.columns})
        await run_jobs(app)
        assert mailbox.received == []

    async def test_what_comes_later_notifies_no_one(self, app, client_id, seller_id):
        await erase(app, seller_id)
        await deliver(app, announced(client_id, owner_id=seller_id))
        await deliver(app, commented(client_id, owner_id=seller_id))
        assert await rows(app, StoredNotification) == []
        assert await rows(app, Mail) == []

    async def test_one_who_is_gone_but_not_erased_keeps_the_titles(self, app, client_id, seller_id):
        for _ in range(3):
            await deliver(app, commented(client_id, owner_id=seller_id))
        await deliver(app, UserDeactivated(user_id=seller_id))
        assert [notification.title for notification in await rows(app, StoredNotification)] == [
            "3 new comments: Day one"
        ]
