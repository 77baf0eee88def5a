"""Payouts that cannot go on by themselves, and what staff decide about them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.delivery import events_of
from services.payments.invariants import INVARIANTS
from services.payments.payouts import progress
from services.payments.payouts.domain import BankState
from services.payments.payouts.jobs import (
    advance_payouts,
    approve_small_payouts,
    learn_of_payouts,
    request_weekly_payouts,
)
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.faults import NOT_ENOUGH, SERVER_ERROR, Answer, Connection
from services.payments.tests.scenes import Market
from shared.events.payments import PayoutNeedsAttention

UNKNOWN = "select count(*) from payments.provider_calls where outcome = 'unknown'"
HOURS_AGO = (
    "update payments.provider_calls set first_sent_at = now() - interval '2 hours',"
    " last_sent_at = now() - interval '2 hours' where outcome = 'unknown'"
)

Lines = Callable[[], Awaitable[list[tuple[str, str, int]]]]


async def stuck(market: Market, connection: Connection, path: str = "/v1/transfers") -> str:
    """A payout whose calls to `path` Stripe has answered with an error for a day."""
    faults, away = connection
    await market.account()
    await market.earned()
    payout_id = await market.approved()
    faults.path, faults.answer = path, SERVER_ERROR
    await market.advance(away)
    await market.advance(away)
    market.clock.advance(timedelta(days=1))
    await advance_payouts(away)
    assert (await market.show(payout_id))["status"] == "needs_attention"
    return payout_id


async def at_the_bank(market: Market, connection: Connection) -> str:
    """A payout that its bank has neither confirmed nor sent back, as far as Stripe says."""
    faults, away = connection
    await market.account()
    await market.earned()
    payout_id = await market.approved()
    await market.advance(away)
    await market.advance(away)
    ((stripe_id,),) = await market.sql("select bank_payout_id from payments.payouts")
    faults.method, faults.path = "GET", stripe_id
    faults.answer = (200, {"id": stripe_id, "object": "payout", "status": "in_transit", "amount": 8000})
    return payout_id


async def bank_says(market: Market, payout_id: str, state: BankState) -> None:
    async with market.runtime.db.transaction() as session:
        await progress.note(session, UUID(payout_id), state, None)


async def decide(market: Market, payout_id: str, verb: str, **body: Any) -> Any:
    url = f"/api/v1/admin/payouts/{payout_id}/{verb}/"
    return await market.api.post(url, json=body or None, headers=market.staff)


async def reversed_amounts(market: Market) -> list[int]:
    """How much of each transfer to the practitioner was reversed."""
    ((account,),) = await market.sql("select stripe_account_id from payments.payout_accounts")
    return [made["amount_reversed"] for made in await market.transfers({"stripe_account_id": account})]


async def broken(market: Market) -> list[str]:
    return [name for name, statement in INVARIANTS.items() if await market.sql(statement)]


class TestNeedsAttention:
    @pytest.mark.parametrize("answer", [SERVER_ERROR, NOT_ENOUGH])
    @pytest.mark.parametrize("path", ["/v1/transfers", "/v1/payouts"])
    async def test_after_a_day_of_failing_calls(
        self, market: Market, connection: Connection, answer: Answer, path: str
    ) -> None:
        faults, away = connection
        await market.account()
        await market.earned()
        payout_id = await market.approved()
        faults.path, faults.answer = path, answer
        for _ in range(3):
            await market.advance(away)
        market.clock.advance(timedelta(hours=23, minutes=59))
        await market.advance(away)
        waits = await market.show(payout_id)
        assert (waits["status"], bool(waits["reason"])) == ("processing", True)
        market.clock.advance(timedelta(minutes=1))
        # Its next try lies ahead in machine time: that it has failed for a day is enough.
        await advance_payouts(away)
        shown = await market.show(payout_id)
        assert (shown["status"], bool(shown["reason"])) == ("needs_attention", True)
        listed = await market.api.get("/api/v1/admin/payouts/?status=needs_attention", headers=market.staff)
        assert [(row["id"], row["reason"]) for row in listed.json()["results"]] == [(payout_id, shown["reason"])]
        published = [event for event in await events_of(market.runtime) if isinstance(event, PayoutNeedsAttention)]
        assert [(str(event.payout_id), event.reason) for event in published] == [(payout_id, shown["reason"])]
        assert await broken(market) == []

    async def test_a_day_that_passes_at_once_leaves_it_another_try(self, market: Market) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.approved()
        market.clock.advance(timedelta(days=30))
        await market.owner_sql("update payments.payouts set next_try_at = now()")
        await market.until(payout_id, "paid")

    async def test_an_answer_ends_the_count(self, market: Market, connection: Connection) -> None:
        faults, away = connection
        await market.account()
        await market.earned()
        payout_id = await market.approved()
        faults.path, faults.answer = "/v1/transfers", SERVER_ERROR
        await market.advance(away)
        await market.advance(away)
        faults.answer = None
        market.clock.advance(timedelta(hours=25))
        await market.advance(away)
        faults.path, faults.answer = "/v1/payouts", SERVER_ERROR
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "processing"

    async def test_a_bank_may_take_days_but_not_ten(self, market: Market, connection: Connection) -> None:
        payout_id = await at_the_bank(market, connection)
        market.clock.advance(timedelta(days=9, hours=23))
        await market.advance(connection[1])
        waits = await market.show(payout_id)
        assert (waits["status"], waits["reason"]) == ("processing", progress.NOT_CONFIRMED)
        market.clock.advance(timedelta(hours=1))
        await advance_payouts(connection[1])
        shown = await market.show(payout_id)
        assert (shown["status"], "ten days" in shown["reason"]) == ("needs_attention", True)
        assert await broken(market) == []

    @pytest.mark.parametrize(("state", "status"), [(BankState.PAID, "paid"), (BankState.FAILED, "failed")])
    async def test_what_the_bank_says_later_still_counts(
        self, market: Market, connection: Connection, state: BankState, status: str
    ) -> None:
        payout_id = await at_the_bank(market, connection)
        market.clock.advance(timedelta(days=10))
        await advance_payouts(connection[1])
        await bank_says(market, payout_id, state)
        if state is BankState.FAILED:
            # The sandbox's bank has the money: the account gets it back by a transfer of the test's own.
            ((account,),) = await market.sql("select stripe_account_id from payments.payout_accounts")
            given = {"amount": "8000", "currency": "usd", "destination": account}
            await market.stripe_api.post("/transfers", data=given)
        await market.until(payout_id, status)
        assert await broken(market) == []

    async def test_money_that_came_back_after_paid_and_cannot_be_fetched(
        self, market: Market, connection: Connection
    ) -> None:
        faults, away = connection
        await market.account()
        await market.earned()
        payout_id = await market.paid_out()
        faults.path, faults.answer = "/reversals", NOT_ENOUGH
        await bank_says(market, payout_id, BankState.FAILED)
        await market.advance(away)
        market.clock.advance(timedelta(days=1))
        await advance_payouts(away)
        assert (await market.show(payout_id))["status"] == "needs_attention"
        assert await broken(market) == []


class TestLostAnswers:
    @pytest.mark.parametrize("path", ["/v1/transfers", "/v1/payouts"])
    @pytest.mark.parametrize("takes_effect", [True, False])
    async def test_are_looked_up_while_staff_decide(
        self, market: Market, connection: Connection, path: str, takes_effect: bool
    ) -> None:
        faults, away = connection
        faults.method, faults.takes_effect = "any", takes_effect
        payout_id = await stuck(market, connection, path)
        faults.answer = None
        await market.owner_sql(HOURS_AGO)
        assert await market.sql(UNKNOWN) == [(1,)]
        assert await learn_of_payouts(away) == 1
        assert await market.sql(UNKNOWN) == [(0,)]
        kept = "transfer_id" if path == "/v1/transfers" else "bank_payout_id"
        assert await market.sql(f"select {kept} is not null from payouts") == [(takes_effect,)]
        assert await learn_of_payouts(away) == 0
        is_paid = takes_effect and path == "/v1/payouts"
        assert (await market.show(payout_id))["status"] == ("paid" if is_paid else "needs_attention")

    async def test_stay_unknown_while_stripe_does_not_answer(self, market: Market, connection: Connection) -> None:
        faults, away = connection
        await stuck(market, connection)
        faults.method = "any"
        await market.owner_sql(HOURS_AGO)
        assert await learn_of_payouts(away) == 0
        assert await market.sql(UNKNOWN) == [(1,)]


class TestRetry:
    async def test_it_goes_on_where_it_stopped(self, market: Market, connection: Connection) -> None:
        payout_id = await stuck(market, connection)
        connection[0].answer = None
        answer = await decide(market, payout_id, "retry")
        assert (answer.status_code, answer.json()["status"], answer.json()["reason"]) == (200, "processing", None)
        assert await broken(market) == []
        await market.until(payout_id, "paid")
        rows = await market.sql("select before ->> 'status', after ->> 'status', actor_id from payments.audit")
        assert rows == [("needs_attention", "processing", market.staff_id)]

    async def test_another_day_of_failures_brings_it_back(self, market: Market, connection: Connection) -> None:
        payout_id = await stuck(market, connection)
        await decide(market, payout_id, "retry")
        await market.advance(connection[1])
        market.clock.advance(timedelta(hours=23))
        await market.advance(connection[1])
        assert (await market.show(payout_id))["status"] == "processing"
        market.clock.advance(timedelta(hours=1))
        await advance_payouts(connection[1])
        assert (await market.show(payout_id))["status"] == "needs_attention"

    async def test_a_bank_gets_its_days_again(self, market: Market, connection: Connection) -> None:
        payout_id = await at_the_bank(market, connection)
        market.clock.advance(timedelta(days=10))
        await advance_payouts(connection[1])
        await decide(market, payout_id, "retry")
        await market.advance(connection[1])
        assert (await market.show(payout_id))["status"] == "processing"


VERBS: list[tuple[str, dict[str, str]]] = [("retry", {}), ("fail", {}), ("mark-paid", {"reference": "transfer 7"})]


POISON = """
    create function payments.refuse() returns trigger language plpgsql as
        $$ begin raise exception 'broken row'; end $$;
"""


class TestOneRowStopsNoOther:
    """The first row raises at whatever is done with it; the others go on."""

    async def poison(self, market: Market, table: str, when: str) -> None:
        await market.owner_sql(POISON)
        await market.owner_sql(
            f"create trigger refuse before update on payments.{table} for each row when ({when})"
            " execute function payments.refuse()"
        )

    async def test_advance(self, market: Market) -> None:
        await market.account()
        await market.earned(20_000)
        first, second = await market.approved(6000), await market.approved(6000)
        await self.poison(market, "payouts", f"old.id = '{first}' and new.transfer_id is not null")
        await market.advance()
        await market.until(second, "paid")
        market.clock.advance(timedelta(days=1))
        await market.advance()
        shown = await market.show(first)
        assert (shown["status"], "broken row" in shown["reason"]) == ("needs_attention", False)

    async def test_approve(self, market: Market) -> None:
        settings = market.runtime.settings.model_copy(update={"auto_approve_below": 50_000})
        runtime = PaymentsRuntime.of(market.runtime, stripe=market.runtime.stripe, settings=settings)
        await market.account()
        await market.earned(20_000)
        first, second = await market.payout(6000), await market.payout(6000)
        await self.poison(market, "payouts", f"old.id = '{first}' and new.status = 'processing'")
        assert await approve_small_payouts(runtime) == 1
        assert (await market.show(second))["status"] == "processing"
        assert (await market.show(first))["status"] == "eligible"

    async def test_weekly(self, market: Market) -> None:
        await market.account("weekly")
        await market.earned()
        other = "jsonb_build_object('practitioner_id', gen_random_uuid(), 'stripe_account_id', 'acct_other')"
        await market.owner_sql(
            f"insert into payments.payout_accounts select (jsonb_populate_record(a, {other})).*"
            " from payments.payout_accounts a"
        )
        broken_row = "old.stripe_account_id = 'acct_other' and new.batched_at is not null"
        await self.poison(market, "payout_accounts", broken_row)
        market.clock.advance(timedelta(days=7))
        assert await request_weekly_payouts(market.runtime) == 1
        assert await market.summary() == {"in_payout": 8000}
        assert await market.sql("select count(*) from payments.payout_accounts where last_error is not null") == [(1,)]
