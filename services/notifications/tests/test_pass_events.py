"""Of what the sides of a pass are notified."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from devtools.testing.delivery import deliver_twice
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from shared.events.passes import PassChanged, PassHappening, PassSnapshot
from shared.records.ids import new_id
from shared.records.money import Money

UNTIL = datetime(2027, 1, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("what", "kind", "readers"),
    [("activated", "pass.active", 2), ("expiring", "pass.expiring", 1), ("changed", "", 0)],
)
async def test_each_side_once(app: Any, client_id: Any, what: PassHappening, kind: str, readers: int) -> None:
    practitioner_user_id = new_id()
    sold = PassSnapshot(
        id=new_id(),
        status="active",
        title="Three times",
        client_id=client_id,
        practitioner_id=new_id(),
        practitioner_user_id=practitioner_user_id,
        timezone="UTC",
        price=Money(10_000, "USD"),
        order_id=new_id(),
        expires_at=UNTIL,
    )
    await deliver_twice(app, PassChanged(sold=sold, sessions=(), what=what))
    async with app.state.runtime.db.read() as session:
        notifications = (await session.scalars(select(StoredNotification))).all()
        frames = (await session.scalars(select(StoredFrame).where(StoredFrame.channel == "booking-updates"))).all()
    people = [client_id, practitioner_user_id][:readers]
    assert {each.user_id for each in notifications} == {each.user_id for each in frames} == set(people)
    assert [each.type for each in notifications] == [each.type for each in frames] == [kind] * readers
    assert all("Three times" in each.title + each.body and "8 January 2027" in each.body for each in notifications)
    assert all(frame.data["id"] == str(sold.id) for frame in frames)
