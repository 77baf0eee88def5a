"""Payouts that wait say why, wait for what may change, and stop no other."""

from datetime import timedelta
from typing import Any

import pytest

from services.payments.payouts import service
from services.payments.payouts.errors import PayoutsNotEnabled
from services.payments.payouts.jobs import INTERNAL_ERROR, advance_payouts, approve_small_payouts
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.faults import Connection
from services.payments.tests.scenes import Market
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_payouts_attention import POISON, decide, reversed_amounts, stuck

CAPABILITY = "insufficient_capabilities_for_transfer"


def refused(code: str) -> tuple[int, dict[str, Any]]:
    return 400, {"error": {"type": "invalid_request_error", "code": code, "message": f"Not now: {code}."}}


@pytest.fixture
def small(market: Market) -> PaymentsRuntime:
    """A runtime that approves what is below 500.00 by itself."""
    settings = market.runtime.settings.model_copy(update={"auto_approve_below": 50_000})
    return PaymentsRuntime.of(market.runtime, stripe=market.runtime.stripe, settings=settings)


class TestApprovalByItself:
    @pytest.mark.parametrize(
        ("error", "shown"), [(PayoutsNotEnabled(), PayoutsNotEnabled.detail), (KeyError("amount"), INTERNAL_ERROR)]
    )
    async def test_why_it_fails_is_seen_by_both_sides_until_it_succeeds(
        self, market: Market, small: PaymentsRuntime, monkeypatch: pytest.MonkeyPatch, error: Exception, shown: str
    ) -> None:
        async def fails(*_: Any) -> None:
            raise error

        await market.account()
        await market.earned()
        payout_id = await market.payout()
        with monkeypatch.context() as patch:
            patch.setattr(service, "start", fails)
            assert await approve_small_payouts(small) == 0
        answer = await market.show(payout_id)
        assert (answer["status"], answer["reason"]) == ("eligible", shown)
        listed = await market.api.get("/api/v1/admin/payouts/?status=eligible", headers=market.staff)
        assert [row["reason"] for row in listed.json()["results"]] == [shown]
        assert await broken(market) == {}
        assert await approve_small_payouts(small) == 1
        assert (await market.show(payout_id))["reason"] is None


class TestWhatAnAccountMayNotDoNow:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/v1/transfers", CAPABILITY),
            ("/v1/payouts", "payouts_not_allowed"),
            ("/v1/payouts", "payouts_limit_exceeded"),
        ],
    )
    async def test_is_waited_for(self, market: Market, connection: Connection, path: str, code: str) -> None:
        faults, away = connection
        await market.account()
        await market.earned()
        payout_id = await market.approved()
        faults.path, faults.answer = path, refused(code)
        for _ in range(3):
            await market.advance(away)
        answer = await market.show(payout_id)
        assert (answer["status"], answer["reason"]) == ("processing", f"Not now: {code}.")
        assert await market.sql("select needs_details from payments.payout_accounts") == [(False,)]
        faults.answer = None
        await market.owner_sql("update payments.payouts set next_try_at = now()")
        await market.until(payout_id, "paid")
        assert await broken(market) == {}


class TestReason:
    async def test_what_was_refused_before_is_not_the_reason_of_what_was_paid(
        self, market: Market, connection: Connection
    ) -> None:
        faults, away = connection
        payout_id = await stuck(market, connection, "/v1/payouts")
        faults.path, faults.answer = "/reversals", refused("balance_insufficient")
        market.app.state.runtime = away
        assert (await decide(market, payout_id, "fail")).json()["code"] == "not_reversible"
        faults.answer = None
        retried = (await decide(market, payout_id, "retry")).json()
        assert (retried["status"], retried["reason"]) == ("processing", None)
        assert (await market.until(payout_id, "paid"))["reason"] is None

    async def test_a_bank_that_sent_it_back_stays_the_reason_of_its_failure(
        self, market: Market, connection: Connection
    ) -> None:
        faults, away = connection
        account = await market.account()
        await market.bank(account, "btok_us_verified_noAccount")
        await market.earned()
        payout_id = await market.approved()
        market.app.state.runtime = away
        faults.path, faults.answer = "/reversals", refused("balance_insufficient")
        for _ in range(40):
            await market.advance(away)
            if "fetched back" in str((await market.sql("select last_error from payments.payouts"))[0][0]):
                break
        market.clock.advance(timedelta(days=1))
        await advance_payouts(away)
        assert (await decide(market, payout_id, "fail")).json()["code"] == "not_reversible"
        faults.answer = None
        assert (await decide(market, payout_id, "retry")).status_code == 200
        assert "bank" in (await market.until(payout_id, "failed"))["reason"]
        assert await reversed_amounts(market) == [8000]


async def test_a_row_that_cannot_even_be_put_off_stops_no_other(market: Market) -> None:
    await market.account()
    await market.earned(20_000)
    first, second = await market.approved(6000), await market.approved(6000)
    earlier = f"next_try_at = now() - interval '1 hour' where id = '{first}'"
    await market.owner_sql(f"update payments.payouts set {earlier}")
    await market.owner_sql(POISON)
    await market.owner_sql(
        "create trigger refuse before update on payments.payouts for each row"
        f" when (old.id = '{first}') execute function payments.refuse()"
    )
    await market.until(second, "paid")
    assert (await market.show(first))["status"] == "processing"
