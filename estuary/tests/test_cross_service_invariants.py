"""Rules between services notice what breaks them, at business time and by Stripe's ids."""

from typing import Any

import pytest
from sqlalchemy import text

from devtools.testing.fixtures import RuntimeFactory
from estuary.invariants.cross_service_invariants import RULES, Rule, Values
from shared.records.ids import new_id

OPEN_ORDER = """
    insert into payments.orders (id, kind, client_id, title, currency, total, credits_applied, amount_due, status,
        refunded_card, refunded_credits, disputed, attempts, cancel_attempts, watched, expires_at, created_at, check_at)
    values (:id, 'credits', :id, 'Credits', 'USD', 1000, 0, 1000, 'open', 0, 0, 0, 0, 0, true,
        now() + interval '10 minutes', now(), now())
"""
FAILING = """
    insert into payments.payouts (id, practitioner_id, user_id, currency, amount, status, attempt, tries, failing_since,
        approved_at, next_try_at, created_at)
    values (:id, :id, :id, 'USD', 8000, 'processing', 1, 9, now(), now(), now(), now())
"""
CLOCK = "insert into settings (name, value) values ('clock_offset', to_jsonb(cast(:offset as double precision)))"
REFUND = """
    insert into objects (id, kind, account, created, data) values ('re_1', 'refund', '', 0,
        '{"id": "re_1", "status": "succeeded", "amount": 1000, "payment_intent": "pi_1"}')
"""
BOOKED = """
    insert into payments.refunds (id, order_id, currency, card, credits, settles, status, reason, by, attempt, tries,
        created_at)
    values (:id, :id, 'USD', 3500, 1500, 0, :status, '', 'staff', 1, 0, now())
"""
HEARD = """
    insert into booking.refunds (id, booking_id, card_amount, credits_amount, currency, created_at)
    values (:id, :id, :card, 1500, 'USD', now())
"""
PAYOUT = """
    insert into payments.payouts (id, practitioner_id, user_id, currency, amount, status, attempt, transfer_id, tries,
        ending, created_at)
    values (:id, :id, :id, 'USD', 6000, 'processing', 1, 'tr_1', 0, false, now())
"""
TRANSFER = """
    insert into objects (id, kind, account, created, data) values ('tr_1', 'transfer', '', 0,
        '{"id": "tr_1", "amount": 8000, "amount_reversed": 2000}')
"""


def rule(name: str) -> Rule:
    """The rule of that name."""
    return next(rule for rule in RULES if rule.name == name)


@pytest.fixture
async def schemas(runtime_for: RuntimeFactory) -> dict[str, Any]:
    """Empty databases of payments, of booking and of the sandbox."""
    return {name: (await runtime_for(name)).db for name in ("payments", "booking", "sandbox")}


async def change(db: Any, statement: str, **values: Any) -> None:
    async with db.transaction() as session:
        await session.execute(text("set local role none"))
        await session.execute(text(statement), values)


async def broken(schemas: dict[str, Any], wanted: Rule) -> dict[str, str]:
    sides: list[Values] = []
    for side in (wanted.left, wanted.right):
        async with schemas[side.schema].read() as session:
            rows = (await session.execute(text(side.sql))).all()
        sides.append({str(row.id): str(row.fact) for row in rows})
    return wanted.broken(*sides)


@pytest.mark.parametrize(("minutes", "noticed"), [(0, False), (10.5, False), (11.5, True)])
async def test_an_order_open_past_its_expiry_at_business_time(schemas, minutes: float, noticed: bool) -> None:
    expiry = rule("no open order is past its expiry at business time")
    assert await broken(schemas, expiry) == {}
    order_id = new_id()
    await change(schemas["payments"], OPEN_ORDER, id=order_id)
    await change(schemas["sandbox"], CLOCK, offset=minutes * 60)
    assert set(await broken(schemas, expiry)) == ({str(order_id)} if noticed else set())


@pytest.mark.parametrize(("hours", "noticed"), [(0, False), (26, False), (26.1, True)])
async def test_a_payout_that_fails_for_a_day_of_business_time(schemas, hours: float, noticed: bool) -> None:
    attention = rule("payouts whose calls fail for a day of business time need attention")
    payout_id = new_id()
    await change(schemas["payments"], FAILING, id=payout_id)
    await change(schemas["sandbox"], CLOCK, offset=hours * 3600)
    assert set(await broken(schemas, attention)) == ({str(payout_id)} if noticed else set())


async def test_a_refund_at_stripe_that_payments_does_not_know(schemas) -> None:
    refunds = rule("the ledger's card refunds equal Stripe's refunds")
    assert await broken(schemas, refunds) == {}
    await change(schemas["sandbox"], REFUND)
    assert set(await broken(schemas, refunds)) == {"re_1"}
    await change(schemas["sandbox"], """update objects set data = data || '{"status": "canceled"}'""")
    assert await broken(schemas, refunds) == {}


@pytest.mark.parametrize(
    ("status", "card", "noticed"),
    [("succeeded", 3500, False), ("failed", 0, False), ("succeeded", 0, True), ("failed", 10, True)],
)
async def test_a_failed_refund_of_both_leaves_booking_its_credits(schemas, status: str, card: int, noticed: bool):
    refunds = rule("every cancellation was refunded by payments as booking was told")
    refund_id = new_id()
    await change(schemas["payments"], OPEN_ORDER, id=refund_id)
    await change(schemas["payments"], BOOKED, id=refund_id, status=status)
    await change(schemas["booking"], "alter table booking.refunds drop constraint fk_refunds_booking_id")
    await change(schemas["booking"], HEARD, id=refund_id, card=card)
    assert set(await broken(schemas, refunds)) == ({str(refund_id)} if noticed else set())


async def test_a_transfer_is_worth_what_was_not_taken_back_of_it(schemas) -> None:
    transfers = rule("the ledger's payouts equal Stripe's transfers")
    await change(schemas["payments"], PAYOUT, id=new_id())
    await change(schemas["sandbox"], TRANSFER)
    assert await broken(schemas, transfers) == {}
    await change(schemas["sandbox"], """update objects set data = data || '{"amount_reversed": 8000}'""")
    assert await broken(schemas, transfers) == {"tr_1": "6000 / None"}
