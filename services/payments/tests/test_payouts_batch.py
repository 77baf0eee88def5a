"""Payouts that nobody asks for: the weekly batch, approvals below the threshold; and who may call."""

from datetime import timedelta
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.scenes import CONFIRM, Market
from shared.records.ids import new_id


class TestWeekly:
    """The clock stands at Tuesday, 1 December 2026, 08:00 UTC; the next batch is due on the 7th at 06:00."""

    async def test_monday_at_six_takes_all_that_is_available_once(self, market: Market) -> None:
        await market.account("weekly")
        await market.earned()
        await market.work()
        assert await market.summary() == {"available": 8000}
        market.clock.set(market.clock.now().replace(day=7, hour=5, minute=59))
        await market.work()
        assert await market.summary() == {"available": 8000}
        market.clock.advance(timedelta(minutes=1))
        await market.work()
        assert await market.summary() == {"in_payout": 8000}
        await market.earned()
        await market.work()
        assert await market.summary() == {"in_payout": 8000, "available": 8000}

    async def test_what_becomes_available_after_six_waits_a_week(self, market: Market) -> None:
        await market.account("weekly")
        sale = await market.sale()
        await market.complete(sale, market.clock.now().replace(day=6, hour=6, minute=1))
        market.clock.set(market.clock.now().replace(day=8, hour=6))
        await market.work()
        assert await market.summary() == {"available": 8000}

    async def test_manual_sellers_and_small_amounts_are_left_alone(self, market: Market) -> None:
        await market.account("weekly")
        await market.earned(6000)
        market.clock.advance(timedelta(days=7))
        await market.work()
        assert await market.summary() == {"available": 4800}
        await market.account("manual")
        await market.earned(6000)
        market.clock.advance(timedelta(days=7))
        await market.work()
        assert await market.summary() == {"available": 9600}


class TestAutoApproval:
    async def test_below_the_threshold_no_staff_is_needed(self, market: Market) -> None:
        settings = market.runtime.settings.model_copy(update={"auto_approve_below": 7000})
        market.app.state.runtime = PaymentsRuntime.of(market.runtime, stripe=market.runtime.stripe, settings=settings)
        await market.account()
        await market.earned(20_000)
        small, large = await market.payout(6999), await market.payout(7000)
        await market.until(small, "paid")
        assert (await market.show(large))["status"] == "eligible"

    async def test_many_small_ones_stay_below_it_together_for_a_day(self, market: Market) -> None:
        settings = market.runtime.settings.model_copy(update={"auto_approve_below": 12_000})
        market.app.state.runtime = PaymentsRuntime.of(market.runtime, stripe=market.runtime.stripe, settings=settings)
        await market.account()
        await market.earned(30_000)
        first, second, third = [await market.payout(amount) for amount in (6000, 6000, 5999)]
        await market.until(first, "paid")
        await market.until(third, "paid")
        assert (await market.show(second))["status"] == "eligible"
        market.clock.advance(timedelta(hours=24))
        await market.until(second, "paid")


class TestRoutes:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "practitioner/payouts/"),
            ("GET", "practitioner/payouts/account/"),
            ("POST", "practitioner/payouts/account/"),
            ("POST", "practitioner/payouts/request/"),
            ("GET", f"practitioner/payouts/{UUID(int=7)}/"),
            ("GET", "admin/payouts/"),
            ("POST", f"admin/payouts/{UUID(int=7)}/approve/"),
            ("POST", f"admin/payouts/{UUID(int=7)}/reject/"),
        ],
    )
    async def test_anonymous_is_401_and_a_client_403(self, market: Market, method: str, path: str) -> None:
        assert (await market.api.request(method, f"/api/v1/{path}", headers=CONFIRM)).status_code == 401
        answer = await market.api.request(method, f"/api/v1/{path}", headers=headers_for() | CONFIRM)
        assert answer.status_code == 403

    async def test_a_stranger_and_an_unknown_id_are_404(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        other = headers_for(new_id(), ("user", "practitioner"), new_id())
        url = f"/api/v1/practitioner/payouts/{payout_id}/"
        assert (await market.api.get(url, headers=other)).status_code == 404
        assert (await market.approve(str(new_id()))).status_code == 404
        assert (await market.approve("not-an-id")).status_code == 404

    async def test_staff_list_by_status(self, market: Market) -> None:
        await market.account()
        await market.earned(20_000)
        first, second = await market.payout(6000), await market.payout(6000)
        await market.api.post(f"/api/v1/admin/payouts/{first}/reject/", headers=market.staff)
        listed = (await market.api.get("/api/v1/admin/payouts/?status=eligible", headers=market.staff)).json()
        assert [row["id"] for row in listed["results"]] == [second]
        mine = (await market.api.get("/api/v1/practitioner/payouts/", headers=market.practitioner)).json()
        assert [row["id"] for row in mine["results"]] == [second, first] or mine["total"] == 2
