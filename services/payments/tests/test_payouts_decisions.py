"""What staff decide about payouts that cannot go on by themselves."""

from datetime import timedelta

import pytest

from devtools.testing.callers import headers_for
from services.payments.payouts.jobs import advance_payouts
from services.payments.tests.faults import NOT_ENOUGH, SERVER_ERROR, Connection
from services.payments.tests.scenes import CONFIRM, Market
from services.payments.tests.test_payouts_attention import (
    VERBS,
    Lines,
    at_the_bank,
    broken,
    decide,
    reversed_amounts,
    stuck,
)
from shared.records.ids import new_id


class TestFail:
    async def test_without_a_transfer_the_money_is_available_again(
        self, market: Market, connection: Connection
    ) -> None:
        payout_id = await stuck(market, connection)
        connection[0].answer = None
        answer = await decide(market, payout_id, "fail")
        assert (answer.status_code, answer.json()["status"], bool(answer.json()["reason"])) == (200, "failed", True)
        assert await market.summary() == {"available": 8000}
        assert await reversed_amounts(market) == []
        assert await broken(market) == []
        assert (await decide(market, payout_id, "fail")).status_code == 409
        rows = await market.sql(
            "select action, before ->> 'status', after ->> 'status' from payments.audit order by id"
        )
        assert rows == [("payout.fail", "needs_attention", None), ("payout.fail.outcome", None, "failed")]

    async def test_a_transfer_is_reversed_first(self, market: Market, connection: Connection) -> None:
        payout_id = await stuck(market, connection, "/v1/payouts")
        answer = await decide(market, payout_id, "fail")
        assert (answer.status_code, answer.json()["status"]) == (200, "failed")
        assert await market.summary() == {"available": 8000}
        assert await reversed_amounts(market) == [8000]
        assert await broken(market) == []

    async def test_a_transfer_whose_answer_was_lost_is_found_and_reversed(
        self, market: Market, connection: Connection
    ) -> None:
        faults, away = connection
        await market.account()
        await market.earned()
        payout_id = await market.approved()
        faults.path, faults.answer, faults.takes_effect = "/v1/transfers", (429, {"error": {}}), True
        await market.advance(away)
        market.clock.advance(timedelta(days=1))
        await advance_payouts(away)
        assert (await decide(market, payout_id, "fail")).json()["status"] == "failed"
        assert await reversed_amounts(market) == [8000]
        assert await broken(market) == []

    async def test_refused_by_stripe_it_needs_attention_as_before(self, market: Market, connection: Connection) -> None:
        payout_id = await stuck(market, connection, "/v1/payouts")
        connection[0].path, connection[0].answer = "/reversals", NOT_ENOUGH
        market.app.state.runtime = connection[1]
        answer = await decide(market, payout_id, "fail")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_reversible")
        assert (await market.show(payout_id))["status"] == "needs_attention"
        rows = await market.sql(
            "select action, after ->> 'refused' from payments.audit where action <> 'payout.approve'"
        )
        assert sorted(rows) == [("payout.fail", None), ("payout.fail.outcome", "not_reversible")]
        assert await market.summary() == {"in_payout": 8000}
        assert await broken(market) == []
        connection[0].answer = None
        assert (await decide(market, payout_id, "fail")).json()["status"] == "failed"
        assert await market.summary() == {"available": 8000}

    async def test_what_a_bank_has_is_not_reversible(self, market: Market, connection: Connection) -> None:
        payout_id = await at_the_bank(market, connection)
        market.clock.advance(timedelta(days=10))
        await advance_payouts(connection[1])
        market.app.state.runtime = connection[1]
        answer = await decide(market, payout_id, "fail")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_reversible")
        assert await reversed_amounts(market) == [0]
        # Without the fault Stripe says that the bank has it.
        connection[0].answer = None
        answer = await decide(market, payout_id, "fail")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
        assert (await market.show(payout_id))["status"] == "paid"

    async def test_after_a_lost_answer_the_job_ends_it(self, market: Market, connection: Connection) -> None:
        payout_id = await stuck(market, connection, "/v1/payouts")
        faults, away = connection
        faults.path, faults.answer, faults.takes_effect = "/reversals", SERVER_ERROR, True
        market.app.state.runtime = away
        assert (await decide(market, payout_id, "fail")).status_code == 503
        assert (await market.show(payout_id))["status"] == "processing"
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "failed"
        assert await reversed_amounts(market) == [8000]
        assert await market.summary() == {"available": 8000}


class TestMarkPaid:
    async def test_without_a_transfer_it_was_paid_outside(
        self, market: Market, connection: Connection, ledger_lines: Lines
    ) -> None:
        payout_id = await stuck(market, connection)
        answer = await decide(market, payout_id, "mark-paid", reference="transfer 7")
        shown = answer.json()
        assert (answer.status_code, shown["status"], shown["reference"]) == (200, "paid", "transfer 7")
        assert (await ledger_lines())[-1] == ("seller_in_payout", "paid_outside", 8000)
        assert await market.summary() == {"paid": 8000}
        assert await broken(market) == []
        ((after,),) = await market.sql("select after from payments.audit where action = 'payout.mark_paid'")
        assert after == {"status": "paid", "reference": "transfer 7"}

    async def test_with_a_transfer_it_is_paid_from_the_account(
        self, market: Market, connection: Connection, ledger_lines: Lines
    ) -> None:
        payout_id = await stuck(market, connection, "/v1/payouts")
        assert (await decide(market, payout_id, "mark-paid", reference="transfer 7")).json()["status"] == "paid"
        assert (await ledger_lines())[-1] == ("seller_in_payout", "connected_clearing", 8000)
        assert await broken(market) == []

    async def test_a_reference_is_needed(self, market: Market) -> None:
        assert (await decide(market, str(new_id()), "mark-paid", reference=" ")).status_code == 422


class TestDecisions:
    @pytest.mark.parametrize(("verb", "body"), VERBS)
    async def test_only_a_payout_that_needs_attention(self, market: Market, verb: str, body: dict[str, str]) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        for _ in range(2):
            answer = await decide(market, payout_id, verb, **body)
            assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
            await market.approve(payout_id)
        assert (await decide(market, str(new_id()), verb, **body)).status_code == 404

    @pytest.mark.parametrize(("verb", "body"), VERBS)
    async def test_staff_alone_and_confirmed(self, market: Market, verb: str, body: dict[str, str]) -> None:
        url = f"/api/v1/admin/payouts/{new_id()}/{verb}/"
        assert (await market.api.post(url, json=body, headers=CONFIRM)).status_code == 401
        assert (await market.api.post(url, json=body, headers=market.practitioner | CONFIRM)).status_code == 403
        answer = await market.api.post(url, json=body, headers=headers_for(roles=("staff",)))
        assert (answer.status_code, answer.json()["code"]) == (428, "confirmation_required")
