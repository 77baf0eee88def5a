"""What is not paid by itself to a practitioner who is gone, or has lost the approval."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from devtools.testing.delivery import deliver_again, erase
from devtools.testing.events import verification
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.scenes import Market
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated
from shared.records.ids import new_id


def verified(market: Market, status: str, version: int = 3) -> PractitionerVerificationChanged:
    return verification(market.practitioner_id, market.user_id, status, version)


def approve_below(market: Market, amount: int) -> None:
    settings = market.runtime.settings.model_copy(update={"auto_approve_below": amount})
    market.app.state.runtime = PaymentsRuntime.of(market.runtime, stripe=market.runtime.stripe, settings=settings)


async def test_who_is_gone_is_in_no_batch(market: Market) -> None:
    await market.account("weekly")
    await market.earned()
    await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
    market.clock.advance(timedelta(days=7))
    await market.work()
    assert await market.summary() == {"available": 8000}


@pytest.mark.parametrize("cause", ["gone", "needs_changes", "rejected"])
async def test_no_payout_is_approved_by_itself_and_staff_still_can(market: Market, cause: str) -> None:
    approve_below(market, 9000)
    await market.account()
    await market.earned(20_000)
    gone = UserDeactivated(user_id=market.user_id)
    await deliver_again(market.app, gone if cause == "gone" else verified(market, cause))
    payout = await market.payout(6999)
    await market.work()
    assert (await market.show(payout))["status"] == "eligible"
    await market.approve(payout)
    await market.until(payout, "paid")


@pytest.mark.parametrize("who", ["practitioner", "staff", "another"])
async def test_why_staff_rejected_a_payout_goes_with_who_is_erased(market: Market, who: str) -> None:
    await market.account()
    await market.earned(20_000)
    payout = await market.payout(6999)
    body = {"reason": "Maya asked on the phone"}
    answer = await market.api.post(f"/api/v1/admin/payouts/{payout}/reject/", json=body, headers=market.staff)
    assert answer.status_code == 200, answer.text
    person = {"practitioner": market.user_id, "staff": market.staff_id, "another": new_id()}[who]
    await erase(market.app, person)
    async with market.runtime.db.read() as session:
        table = session.system_tables.audit
        [row] = (await session.execute(select(table).where(table.c.action == "payout.reject"))).all()
    kept = ({"status": "rejected"}, "Maya asked on the phone") if who == "another" else ({}, None)
    assert (row.after, row.reason) == kept
    assert ((await market.show(payout))["reason"] is None) == (who == "practitioner")


async def test_without_approval_the_batch_asks_and_staff_decide(market: Market) -> None:
    approve_below(market, 9000)
    await market.account("weekly")
    await market.earned()
    await deliver_again(market.app, verified(market, "rejected"))
    market.clock.advance(timedelta(days=7))
    await market.work()
    assert await market.summary() == {"in_payout": 8000}


async def test_approved_again_goes_by_itself_and_an_older_word_changes_nothing(market: Market) -> None:
    approve_below(market, 9000)
    await market.account()
    await market.earned(20_000)
    for status, version in (("needs_changes", 3), ("approved", 5), ("pending", 4)):
        await deliver_again(market.app, verified(market, status, version))
    await deliver_again(market.app, UserDeactivated(user_id=new_id()))
    await market.until(await market.payout(6999), "paid")
