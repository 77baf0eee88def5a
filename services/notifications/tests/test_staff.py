from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from devtools.testing.delivery import deliver_twice, erase
from services.notifications.app import create_app
from services.notifications.channels.mail.models import Mail
from services.notifications.notifications.models import StoredNotification
from services.notifications.staff.models import StaffNotification
from shared.events.payments import ChargebackLost, ClientDebtIncurred, OrderRefundFailed, PayoutNeedsAttention
from shared.internal.identity import STAFF as STAFF_IDS
from shared.internal.identity import StaffView
from shared.records.ids import new_id
from shared.records.money import Money

STAFF = [new_id(), new_id()]


def identity() -> FastAPI:
    """The one path of identity that is asked."""
    known = FastAPI()

    @known.get(STAFF_IDS.path)
    async def staff() -> StaffView:
        return StaffView(user_ids=STAFF)

    return known


def lost() -> ChargebackLost:
    return ChargebackLost(
        order_id=new_id(), booking_id=new_id(), client_id=new_id(), practitioner_id=new_id(),
        stripe_dispute_id="dp_1", amount=Money(9_000, "USD"),
    )  # fmt: skip


async def rows(app: Any, kind: Any) -> list[Any]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(kind))).all())


async def test_a_lost_dispute_is_notified_to_all_staff_once(runtime_for):
    app = create_app(await runtime_for("notifications", peers={"identity": identity()}))
    event = lost()
    await deliver_twice(app, event)
    for _ in range(2):
        await app.state.jobs["notify_staff"].run(app.state.runtime)
    notifications = await rows(app, StoredNotification)
    assert sorted(notification.user_id for notification in notifications) == sorted(STAFF)
    assert {notification.title for notification in notifications} == {"Dispute lost: 90.00 USD"}
    assert notifications[0].data["order_id"] == str(event.order_id)
    assert len(await rows(app, Mail)) == 2
    assert await rows(app, StaffNotification) == []


async def test_a_payout_that_cannot_go_on_is_notified_to_staff_and_practitioner(runtime_for):
    app = create_app(await runtime_for("notifications", peers={"identity": identity()}))
    event = PayoutNeedsAttention(
        payout_id=new_id(), practitioner_id=new_id(), user_id=new_id(), amount=Money(9_000, "USD"), reason="No account"
    )
    await deliver_twice(app, event)
    await app.state.jobs["notify_staff"].run(app.state.runtime)
    notifications = await rows(app, StoredNotification)
    assert sorted(notification.user_id for notification in notifications) == sorted([*STAFF, event.user_id])
    assert {notification.type for notification in notifications} == {"payout.needs_attention"}
    assert all(notification.body.endswith("Reason: No account") for notification in notifications)


@pytest.mark.parametrize("are_notified", [True, False])
async def test_why_a_payout_stopped_goes_with_its_practitioner(runtime_for, are_notified: bool):
    app = create_app(await runtime_for("notifications", peers={"identity": identity()}))
    event = PayoutNeedsAttention(
        payout_id=new_id(), practitioner_id=new_id(), user_id=new_id(), amount=Money(9_000, "USD"), reason="Zqxmark's"
    )
    await deliver_twice(app, event)
    if are_notified:
        await app.state.jobs["notify_staff"].run(app.state.runtime)
    await erase(app, event.user_id)
    notifications = await rows(app, StoredNotification)
    assert sorted(each.user_id for each in notifications) == sorted(STAFF if are_notified else ())
    assert not any("Zqxmark" in f"{each.body} {each.params}" for each in notifications)
    assert await rows(app, Mail) == await rows(app, StaffNotification) == []


async def test_a_refund_that_failed_is_notified_to_staff_and_client_unless_another_pays_it(runtime_for):
    app = create_app(await runtime_for("notifications", peers={"identity": identity()}))
    failed = OrderRefundFailed(
        order_id=new_id(), booking_id=None, refund_id=new_id(), client_id=new_id(), card=Money(4_000, "USD")
    )
    replaced = failed.model_copy(update={"refund_id": new_id(), "replaced": True})
    for event in (failed, replaced):
        await deliver_twice(app, event)
    await app.state.jobs["notify_staff"].run(app.state.runtime)
    notifications = await rows(app, StoredNotification)
    assert sorted(each.user_id for each in notifications) == sorted([*STAFF, failed.client_id])
    assert {each.type for each in notifications} == {"refund.failed"}
    assert all("40.00 USD" in each.body for each in notifications)


async def test_a_client_in_debt_is_notified_to_staff(runtime_for):
    app = create_app(await runtime_for("notifications", peers={"identity": identity()}))
    event = ClientDebtIncurred(order_id=new_id(), client_id=new_id(), refund_id=new_id(), amount=Money(4_000, "USD"))
    await deliver_twice(app, event)
    await app.state.jobs["notify_staff"].run(app.state.runtime)
    notifications = await rows(app, StoredNotification)
    assert sorted(each.user_id for each in notifications) == sorted(STAFF)
    assert {each.title for each in notifications} == {"Client in debt: 40.00 USD"}


async def test_while_identity_is_away_it_waits(runtime_for):
    app = create_app(await runtime_for("notifications", peers={"identity": FastAPI()}))
    await deliver_twice(app, lost())
    with pytest.raises(Exception):  # noqa: B017, PT011  whatever a peer that is away raises
        await app.state.jobs["notify_staff"].run(app.state.runtime)
    assert len(await rows(app, StaffNotification)) == 1
