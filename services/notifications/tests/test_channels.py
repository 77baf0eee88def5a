"""The port of the channels: each gets what its person did not switch off, and what is meant for channels at all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.notifications.channels.mail.channel import MailChannel
from services.notifications.notifications.channel import Channel
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.repository import Notifications
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import ChannelName, Topic
from services.notifications.preferences.repository import Preferences
from shared.database.session import Session
from shared.records.ids import new_id


class Recorder:
    """A second channel that keeps what it is given."""

    name: ChannelName = "email"

    def __init__(self) -> None:
        self.given: list[Notification] = []

    async def enqueue(self, session: Session, notifications: Sequence[Notification]) -> None:
        self.given += notifications


@pytest.fixture
def post(client_id) -> Notification:
    params = {"stream": "Quiet mornings", "post": "Day one"}
    return Notification(client_id, Topic.POSTS, "post.published", "post.published", str(new_id()), params, {})


async def given(app: Any, *items: Notification) -> list[Notification]:
    recorder = Recorder()
    runtime = replace(app.state.runtime, channels=(*app.state.runtime.channels, recorder))
    async with runtime.db.transaction() as session:
        await notify(runtime, session, items)
    return recorder.given


def test_mail_is_a_channel():
    channel: Channel = MailChannel()
    assert channel.name == "email"


async def test_each_channel_gets_it(app, post):
    assert await given(app, post) == [post]


async def test_what_is_for_the_app_alone_reaches_no_channel(app, post):
    assert await given(app, replace(post, outbound=False)) == []


async def test_what_a_person_switched_off_reaches_no_channel_and_is_listed(app, post, client_id):
    async with app.state.runtime.db.transaction() as session:
        await Preferences(session).put(client_id, Topic.POSTS, email=False, in_app=True)
    assert await given(app, post) == []
    async with app.state.runtime.db.read() as session:
        assert len(await Notifications(session).mark_read(client_id, post.cause, session.now())) == 1
