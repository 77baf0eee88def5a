"""What is not paid by itself to a practitioner who is gone, or has lost the approval."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from devtools.testing.delivery import deliver_again, erase
from devtools.testing.events import verification
from services.payments.privacy import PRIVACY
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.holding import held, let_go, lines_of
from services.payments.tests.scenes import Market
from shared.database.erasure import Person
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import ErasureScheduled, UserDeactivated, UserSuspended
from shared.records.ids import new_id
from shared.work.erasure import obligations_of


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


def to_be_erased(market: Market) -> ErasureScheduled:
    return ErasureScheduled(user_id=market.user_id, erasure_id=new_id(), erases_at=market.clock.now())


async def open_earnings(market: Market) -> int:
    async with market.runtime.db.read() as session:
        person = Person(market.user_id, market.practitioner_id)
        return sum(one.count for one in await obligations_of(session, PRIVACY, person) if one.code == "open_earnings")


class TestToBeErased:
    async def test_who_cannot_ask_any_more_is_asked_for_without_minimum_and_staff_decide(self, market: Market) -> None:
        await market.account()
        await market.earned(1_000)
        await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
        await market.work()
        assert await market.summary() == {"available": 800}
        await deliver_again(market.app, to_be_erased(market))
        await market.work()
        assert (await market.summary(), await open_earnings(market)) == ({"in_payout": 800}, 0)
        [payout] = await waiting(market)
        await market.approve(payout["id"])
        await market.until(payout["id"], "paid")
        await market.earned(2_000)
        assert await market.summary() == {"in_payout": 1_600, "paid": 800}

    async def test_who_still_can_asks_without_minimum_or_leaves_it_to_the_batch(self, market: Market) -> None:
        await market.account("weekly")
        await market.earned(1_000)
        await deliver_again(market.app, to_be_erased(market))
        await market.work()
        assert await market.summary() == {"available": 800}
        market.clock.advance(timedelta(days=7))
        await market.work()
        assert await market.summary() == {"in_payout": 800}

    async def test_what_staff_rejected_is_not_asked_for_again_and_blocks_nobody(self, market: Market) -> None:
        await market.account()
        await market.earned()
        await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
        await deliver_again(market.app, to_be_erased(market))
        await market.work()
        [payout] = await waiting(market)
        market.clock.advance(timedelta(seconds=1))
        path = f"/api/v1/admin/payouts/{payout['id']}/reject/"
        assert (await market.api.post(path, json={"reason": "A court asked us."}, headers=market.staff)).is_success
        await market.work()
        assert (await market.summary(), await open_earnings(market)) == ({"available": 8_000}, 0)

    async def test_what_a_hold_has_rejected_is_asked_for_again(self, market: Market) -> None:
        await market.account()
        held_line = await lines_of(market, await market.earned())
        await market.earned(1_000)
        await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
        await deliver_again(market.app, to_be_erased(market))
        await market.work()
        market.clock.advance(timedelta(seconds=1))
        cause_id = await held(market, line_ids=held_line)
        await market.work()
        assert (await market.summary(), await open_earnings(market)) == ({"held": 8_000, "in_payout": 800}, 1)
        await let_go(market, cause_id)
        await market.work()
        assert (await market.summary(), await open_earnings(market)) == ({"in_payout": 8_800}, 0)

    async def test_what_staff_rejected_while_the_account_was_open_is_still_to_be_settled(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout = await market.payout(8_000)
        path = f"/api/v1/admin/payouts/{payout}/reject/"
        assert (await market.api.post(path, json={"reason": "Wait."}, headers=market.staff)).is_success
        assert await open_earnings(market) == 1
        market.clock.advance(timedelta(seconds=1))
        await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
        assert await open_earnings(market) == 1

    async def test_who_has_no_account_that_can_be_paid_to_is_decided_about_by_staff(self, market: Market) -> None:
        await market.account(onboard=False)
        await market.earned()
        await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
        assert await open_earnings(market) == 1
        await deliver_again(market.app, to_be_erased(market))
        await market.work()
        [payout] = await waiting(market)
        approve, reject = (f"/api/v1/admin/payouts/{payout['id']}/{act}/" for act in ("approve", "reject"))
        headers = market.staff | {"Idempotency-Key": "a"}
        refused = await market.api.post(approve, json={}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "payouts_not_enabled")
        assert (await market.api.post(reject, json={"reason": "No account."}, headers=market.staff)).is_success
        await market.work()
        assert (await market.summary(), await open_earnings(market), await waiting(market)) == (
            {"available": 8_000}, 0, [],
        )  # fmt: skip

    async def test_who_has_never_opened_one_cannot_any_more_and_blocks_nobody(self, market: Market) -> None:
        await market.earned()
        assert await open_earnings(market) == 1
        await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
        assert (await market.summary(), await open_earnings(market)) == ({"available": 8_000}, 0)

    async def test_who_is_suspended_waits(self, market: Market) -> None:
        await market.account()
        await market.earned()
        await deliver_again(market.app, UserSuspended(user_id=market.user_id, practitioner_id=market.practitioner_id))
        await deliver_again(market.app, UserDeactivated(user_id=market.user_id))
        await deliver_again(market.app, to_be_erased(market))
        await market.work()
        assert (await market.summary(), await open_earnings(market)) == ({"available": 8_000}, 1)


async def waiting(market: Market) -> list[dict[str, Any]]:
    listed = await market.api.get("/api/v1/admin/payouts/?status=eligible", headers=market.staff)
    found: list[dict[str, Any]] = listed.json()["results"]
    return found
