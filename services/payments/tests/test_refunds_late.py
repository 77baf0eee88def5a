"""Refunds that Stripe made although their requests seemed lost, or refused with errors of an unusual kind."""

from datetime import timedelta
from uuid import UUID

import pytest

from devtools.testing.crashes import Crashes
from services.payments.refunds.jobs import finish_refunds
from services.payments.refunds.sync import sync_refund
from services.payments.tests.books import differences
from services.payments.tests.faults import SERVER_ERROR, Answer, Connection
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from shared.records.ids import new_id

CARD_ERROR: Answer = (
    402,
    {"error": {"type": "card_error", "code": "card_declined", "message": "The card takes nothing."}},
)


async def made_there(market: Market, sale: Sale, amount: int, refund_id: UUID) -> str:
    """A refund that a request of ours has made, as Stripe shows it; answers Stripe's id."""
    ((intent,),) = await market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
    body = {"payment_intent": intent, "amount": str(amount), "metadata[refund_id]": str(refund_id)}
    return str((await market.stripe_api.post("/refunds", data=body)).json()["id"])


async def refunds(market: Market) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in await market.sql("select status, card from payments.refunds order by card")]


async def is_sound(market: Market) -> None:
    """All invariants hold, and the ledger has at Stripe what Stripe has."""
    assert await broken(market) == {}
    assert await differences(Stage(market, Crashes())) == []


class TestSecondOfOne:
    """Two requests for the same refund took effect, the one after it was given up for lost."""

    async def test_its_money_is_booked_too(self, market: Market) -> None:
        sale, refund_id = await market.sale(), new_id()
        assert await market.refunded(sale, 3_000, refund_id=refund_id) == (3_000, 0)
        late = await made_there(market, sale, 3_000, refund_id)
        for _ in range(2):
            await sync_refund(market.runtime, late)
        assert await refunds(market) == [("succeeded", 3_000), ("succeeded", 3_000)]
        assert await market.summary() == {"pending": 3_200, "reversed": 4_800}
        await is_sound(market)

    async def test_one_that_was_refused_for_a_day_and_shows_then_settles_what_is_owed(
        self, market: Market, connection: Connection
    ) -> None:
        faults, away = connection
        sale, refund_id = await market.sale(), new_id()
        market.app.state.runtime, good = away, market.runtime
        faults.path, faults.answer = "/v1/refunds", CARD_ERROR
        await market.refunded(sale, 3_000, refund_id=refund_id)
        market.clock.advance(timedelta(days=1))
        await finish_refunds(away)
        market.app.state.runtime = good
        assert await refunds(market) == [("failed", 3_000)]
        await sync_refund(good, await made_there(market, sale, 3_000, refund_id))
        assert await refunds(market) == [("failed", 3_000), ("succeeded", 3_000)]
        assert await market.sql("select sum(settles) from payments.refunds") == [(3_000,)]
        await is_sound(market)


@pytest.mark.parametrize("days", [0, 1])
async def test_a_card_error_is_a_refusal(market: Market, connection: Connection, days: int) -> None:
    faults, away = connection
    sale = await market.sale()
    market.app.state.runtime = away
    faults.path, faults.answer = "/v1/refunds", CARD_ERROR
    assert await market.refunded(sale, 3_000) == (3_000, 0)
    assert await market.sql("select outcome from payments.provider_calls") == [("refused",)]
    market.clock.advance(timedelta(days=days))
    await finish_refunds(away)
    ((status, why),) = await market.sql("select status, last_error from payments.refunds")
    assert (status, why) == ("failed" if days else "pending", "card_declined: The card takes nothing.")


async def test_what_was_refused_for_a_day_is_not_asked_for_every_second_while_stripe_is_away(
    market: Market, connection: Connection
) -> None:
    faults, away = connection
    sale = await market.sale()
    market.app.state.runtime = away
    faults.path, faults.answer = "/v1/refunds", CARD_ERROR
    await market.refunded(sale, 3_000)
    market.clock.advance(timedelta(days=1))
    faults.answer, before = SERVER_ERROR, len(set(faults.keys))
    for _ in range(3):
        assert await finish_refunds(away) == 0
    assert len(set(faults.keys)) == before + 1
    assert await market.sql("select tries, next_try_at > now() from payments.refunds") == [(2, True)]
