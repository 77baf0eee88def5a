"""The promises hold after everything that people do, and each notices when it is broken."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.payments.invariants import INVARIANTS
from services.payments.tests.scenes import Market, Sale

Buy = Callable[[int], Awaitable[str]]
BAD_BANK, GOOD_BANK = "btok_us_verified_noAccount", "btok_us_verified"


async def broken(market: Market) -> dict[str, int]:
    """The invariants that do not hold, with their number of rows."""
    counts = {name: len(await market.sql(statement)) for name, statement in INVARIANTS.items()}
    return {name: count for name, count in counts.items() if count}


class TestTheyHold:
    async def test_on_an_empty_database(self, market: Market) -> None:
        assert await broken(market) == {}

    async def test_through_the_life_of_a_booking(self, market: Market, buy_credits: Buy) -> None:
        await market.account()
        await buy_credits(4000)
        await market.open_order(3000)
        sale = await market.sale(10_001, "max")
        assert await broken(market) == {}
        await market.refunded(sale, 1001)
        await market.complete(sale)
        market.clock.advance(timedelta(hours=24))
        await market.work()
        assert await broken(market) == {}
        payout_id = await market.payout(6000)
        assert await broken(market) == {}
        await market.approve(payout_id)
        assert await broken(market) == {}
        await market.until(payout_id, "paid")
        await market.refunded(sale)
        assert (await market.summary())["debt"] > 0
        assert await broken(market) == {}
        await market.earned(20_000)
        assert await broken(market) == {}

    @pytest.mark.parametrize("seed", [1, 2, 3])
    async def test_whatever_people_do(self, market: Market, buy_credits: Buy, seed: int) -> None:
        chance = random.Random(seed)
        account = await market.account()
        await buy_credits(20_000)
        sales: list[Sale] = []
        for _ in range(18):
            await self.something(market, chance, sales, account)
            assert await broken(market) == {}, await market.summary()

    async def something(
        self, market: Market, chance: random.Random, sales: list[Sale], account: dict[str, str]
    ) -> None:
        match chance.choice(["sale", "sale", "late", "refund", "refund", "payout", "reject", "fail"]):
            case "sale":
                sales.append(await market.earned(chance.randint(60, 30_000), chance.choice([None, "max"])))
            case "late":
                sales.append(await market.paid_order(chance.randint(60, 30_000)))
            case "refund" if sales:
                await market.refund(chance.choice(sales), chance.choice([None, chance.randint(1, 9000)]))
            case "payout" | "reject" | "fail" as end:
                await self.pay_out(market, chance, account, end)

    async def pay_out(self, market: Market, chance: random.Random, account: dict[str, str], end: str) -> None:
        answer = await market.ask(chance.choice([None, 5000, 5001]))
        if answer.status_code != 201:
            return
        payout_id = answer.json()["id"]
        if end == "reject":
            await market.api.post(f"/api/v1/admin/payouts/{payout_id}/reject/", headers=market.staff)
            return
        await market.bank(account, BAD_BANK if end == "fail" else GOOD_BANK)
        await market.approve(payout_id)
        await market.until(payout_id, "failed" if end == "fail" else "paid")


SIDE_BY_SIDE = """
    insert into payments.ledger_transfers
        (id, group_id, leg, debit_id, credit_id, currency, amount, reason, ref, posted_at)
    select gen_random_uuid(), gen_random_uuid(), 0, d.id, c.id, c.currency, 1, 'broken', '{}', now()
    from payments.ledger_accounts d
    join payments.ledger_accounts c on c.owner_id = d.owner_id and c.kind = 'seller_available'
    where d.kind = 'seller_in_payout'
"""
CLIENT_DEBT = """
    with debt as (
        insert into payments.ledger_accounts (id, kind, owner_id, currency, live)
        select gen_random_uuid(), 'client_debt', owner_id, currency, false
        from payments.ledger_accounts where kind = 'client_credits'
        returning id, currency
    )
    insert into payments.ledger_transfers
        (id, group_id, leg, debit_id, credit_id, currency, amount, reason, ref, posted_at)
    select gen_random_uuid(), gen_random_uuid(), 0, d.id, c.id, c.currency, 1, 'broken', '{}', now()
    from debt d
    join payments.ledger_accounts c on c.kind = 'stripe_clearing'
"""
HELD = """
    insert into payments.earning_holds (id, line_id, cause, cause_id, opened_at)
    select gen_random_uuid(), id, 'staff', id::text, now() from payments.order_lines
"""
ENDED = f"""
    with ended as (
        insert into payments.service_holds (cause_id, cause, created_at, ended_at)
        select id, 'staff', now(), now() from payments.order_lines
    )
    {HELD}
"""
DISPUTED = """
    insert into payments.chargebacks (id, order_id, currency, amount, reason, status, created_at)
    select id::text, id, currency, total, 'fraudulent', 'lost', now() from payments.orders
"""
BREAKS = {
    "ledger balances equal the fold of transfers": "update payments.ledger_balances set credits = credits + 1",
    "every received order is posted once": "update payments.orders set amount_due = amount_due + 1, total = total + 1",
    "orders know what refunds and disputes took": "update payments.orders set disputed = 1",
    "lines sum to their order": "update payments.order_lines set gross = gross + 1",
    "lines know what refunds took of them": "update payments.order_lines set refunded = 0",
    "every refund is taken of lines": "update payments.refunds set lines = '[]'",
    "every accrued order is split without rest": "update payments.earnings set reversed_net = reversed_net + 1",
    "commission is the frozen rate of what stands": "update payments.earnings set commission_rate = 0.5",
    "revenue equals the commission that stands": "update payments.earnings set commission = commission + 1"
    " where net > 0",
    "earnings equal the sellers accounts": "update payments.earnings set net = net + 1 where net > 0",
    "debt is what was refunded too late less what repaid it": "update payments.earnings set owed = 0 where owed > 0",
    "no debt beside available money": SIDE_BY_SIDE,
    "refunds never exceed what a tender paid": "update payments.refunds set card = card + 1000000",
    "every refund is posted in full": "update payments.refunds set card = card + 1",
    "credits of refunds came back": "update payments.credit_uses set restored = 0",
    "refunds are carried out": "update payments.refunds set status = 'pending'",
    "payouts equal their entries": "update payments.payouts set amount = amount + 1",
    "payouts have what their status says": "update payments.payouts set transfer_id = null",
    "transferred money is posted": "update payments.payouts set status = 'processing', paid_at = null",
    "what refunds take back of transfers is posted, and comes before the bank payout": "update"
    " payments.payout_reductions set reversal_id = null",
    "payouts whose calls fail for a day need attention": "update payments.payouts set failing_since = '2026-01-01'",
    "credits grants equal the clients accounts": "update payments.credit_grants set remaining = 0",
    "held credits equal the clients held accounts": "update payments.credit_uses set state = 'held', restored = 0",
    "credits history equals balance and held": "update payments.credit_entries set amount = amount + 1",
    "no client debt beside bought credits": CLIENT_DEBT,
    "no closed order holds credits": "update payments.credit_uses set state = 'held', restored = 0",
    "what is held has an open hold": "update payments.earnings set status = 'held', payout_id = null",
    "no earning is available, or leaves, with an open hold": HELD,
    "what has ended for its service holds nothing": ENDED,
    "a dispute holds every line, and what its sessions paid, while the bank has the money, and no longer": DISPUTED,
    "no call to Stripe stays unknown for an hour": "update payments.provider_calls"
    " set outcome = 'unknown', answer = null, first_sent_at = now() - interval '61 minutes' where not superseded",
}


class TestTheyNotice:
    async def test_each_breach(self, market: Market, buy_credits: Buy) -> None:
        await market.account()
        await buy_credits(4000)
        reduced = await market.earned()
        payout_id = await market.payout()
        await market.approve(payout_id)
        await market.refunded(reduced, 2500)
        await market.until(payout_id, "paid")
        sale = await market.earned(10_000, "max")
        await market.paid_out()
        await market.refunded(sale, 2500)
        await market.sale(5000)
        assert await broken(market) == {}
        for name, statement in BREAKS.items():
            assert await self.noticed(market, name, statement), name

    async def noticed(self, market: Market, name: str, statement: str) -> bool:
        """Whether the invariant has rows after that change, which is undone."""
        found = False
        try:
            async with market.runtime.db.transaction() as session:
                await session.execute(text("set local role none"))
                await session.execute(text(statement))
                found = bool((await session.execute(text(INVARIANTS[name]))).all())
                raise Undo
        except Undo:
            return found


class Undo(Exception):
    """Rolls a test's change back."""
