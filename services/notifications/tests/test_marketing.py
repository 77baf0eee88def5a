"""News and offers: only to who consents, and nothing that waits goes out after a withdrawal."""

from typing import Any

import pytest
from sqlalchemy import select

from devtools.testing.delivery import deliver, deliver_twice
from services.notifications.channels.mail.models import Mail
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from shared.events.identity import ConsentRecorded
from shared.records.ids import new_id


def decision(user_id, decision: str, **other: Any) -> ConsentRecorded:
    fields = {"purpose": "marketing_email", "version": 1, "scope_kind": None, "scope_id": None} | other
    return ConsentRecorded(user_id=user_id, consent_id=new_id(), decision=decision, **fields)


async def offered(app: Any, user_id: Any) -> list[str]:
    """Offers something, and answers the states of the mails to that person."""
    item = Notification(user_id, Topic.ACCOUNT, "offer", "marketing.offer", str(new_id()), {}, {}, in_app=False)
    async with app.state.runtime.db.transaction() as session:
        await notify(app.state.runtime, session, [item])
    return await states(app)


async def states(app: Any) -> list[str]:
    async with app.state.runtime.db.read() as session:
        return [mail.status.value for mail in await session.scalars(select(Mail).order_by(Mail.id))]


async def test_nothing_is_offered_without_consent(app, client_id):
    assert await offered(app, client_id) == []
    await deliver(app, decision(client_id, "refused"))
    assert await offered(app, client_id) == []


async def test_whoever_consents_gets_it_until_they_withdraw(app, client_id):
    await deliver_twice(app, decision(client_id, "given"))
    assert await offered(app, client_id) == ["pending"]
    await deliver(app, decision(client_id, "withdrawn"))
    assert await states(app) == ["dropped"]
    assert await offered(app, client_id) == ["dropped"]


async def test_an_older_decision_that_comes_late_changes_nothing(app, client_id):
    older, newer = decision(client_id, "given"), decision(client_id, "withdrawn")
    await deliver(app, newer)
    await deliver(app, older)
    assert await offered(app, client_id) == []


@pytest.mark.parametrize("other", [{"purpose": "analytics"}, {"scope_kind": "post_id", "scope_id": new_id()}])
async def test_another_purpose_or_a_scope_is_no_consent_to_news(app, client_id, other):
    await deliver(app, decision(client_id, "given", **other))
    assert await offered(app, client_id) == []
