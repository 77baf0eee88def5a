"""What the platform credits is a line below zero: summed, refunded and posted like the others."""

from random import Random
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from devtools.testing.delivery import events_of
from services.payments.refunds.service import refund
from services.payments.tests.subscribers import Json, Subscriber, usd
from shared.errors import AppError
from shared.events.payments import OrderRefunded
from shared.internal.payments import LineRefund, RefundRequest
from shared.records.ids import new_id
from shared.records.money import Money

REVENUE = """
    select coalesce(sum(case when t.credit_id = a.id then t.amount else -t.amount end), 0)
    from payments.ledger_accounts a join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
    where a.kind = 'subscription_revenue'
"""
CHANGE = "select order_id from payments.plan_changes where order_id is not null"
LINES = f"select id from payments.order_lines where order_id = ({CHANGE}) order by position"


async def upgraded(subscriber: Subscriber) -> tuple[Json, UUID]:
    """Half of a month is left: 39.50 for the new plan, 14.50 less for the old one."""
    made = await subscriber.active()
    await subscriber.half(made)
    changed = await subscriber.change_to(made["id"], "premium")
    [(order_id,)] = await subscriber.wallet.sql(CHANGE)
    assert await subscriber.lines() == [(3950, 0), (-1450, 0)]
    return changed, order_id


async def returned(subscriber: Subscriber, order_id: UUID, amount: int | None = None, **more: object) -> None:
    money = None if amount is None else Money(amount, "USD")
    wanted = RefundRequest.model_validate({"refund_id": new_id(), "amount": money} | more)
    await refund(subscriber.wallet.runtime, order_id, wanted)


class TestRefund:
    async def test_all_of_it_ends_every_line(self, subscriber: Subscriber) -> None:
        _, order_id = await upgraded(subscriber)
        await returned(subscriber, order_id)
        assert await subscriber.lines() == [(3950, 3950), (-1450, -1450)]
        assert await subscriber.wallet.sql(REVENUE) == [(2900,)]
        [event] = [each for each in await events_of(subscriber.wallet.runtime) if isinstance(each, OrderRefunded)]
        assert [each.amount.amount for each in event.lines] == [3950, -1450]

    @pytest.mark.parametrize("seed", range(4))
    async def test_rule_18_any_series_of_parts_ends_at_zero(self, subscriber: Subscriber, seed: int) -> None:
        random, (_, order_id), left = Random(seed), await upgraded(subscriber), 2500
        while left:
            part = random.randint(1, left)
            left -= part
            await returned(subscriber, order_id, part)
            lines = await subscriber.lines()
            assert sum(refunded for _, refunded in lines) == 2500 - left
            assert all(min(gross, 0) <= refunded <= max(gross, 0) for gross, refunded in lines)
            assert await subscriber.wallet.sql(REVENUE) == [(2900 + left,)]
            assert await subscriber.broken() == []
        assert await subscriber.lines() == [(3950, 3950), (-1450, -1450)]

    async def test_by_line_no_more_than_was_paid(self, subscriber: Subscriber) -> None:
        _, order_id = await upgraded(subscriber)
        [(charge,), (credit,)] = await subscriber.wallet.sql(LINES)
        for line_id, amount in ((charge, 2501), (credit, 1)):
            with pytest.raises(AppError) as refused:
                await returned(subscriber, order_id, lines=[LineRefund(line_id=line_id, amount=Money(amount, "USD"))])
            assert refused.value.code in ("more_than_paid", "nothing_to_refund")
        await returned(subscriber, order_id, lines=[LineRefund(line_id=charge, amount=Money(1000, "USD"))])
        await returned(subscriber, order_id, 500)
        await returned(subscriber, order_id)
        assert sum(refunded for _, refunded in await subscriber.lines()) == 2500
        assert await subscriber.wallet.sql(REVENUE) == [(2900,)]

    @pytest.mark.parametrize(("part", "credit"), [(2500, 1450), (1250, 2700), (None, 1450)])
    async def test_rule_mn_5_what_went_back_is_not_credited_again(
        self, subscriber: Subscriber, part: int | None, credit: int
    ) -> None:
        changed, order_id = await upgraded(subscriber)
        await subscriber.make_plan("studio", 9900)
        assert (await subscriber.preview(changed["id"], "studio"))["credit"] == usd(3950)
        await returned(subscriber, order_id, part)
        assert (await subscriber.preview(changed["id"], "studio"))["credit"] == usd(credit)

    async def test_nor_what_went_back_of_the_period(self, subscriber: Subscriber) -> None:
        changed, _ = await upgraded(subscriber)
        await subscriber.make_plan("studio", 9900)
        [period] = await subscriber.periods(changed["id"])
        await returned(subscriber, UUID(period["order_id"]))
        assert (await subscriber.preview(changed["id"], "studio"))["credit"] == usd(2500)


async def test_only_the_platform_credits(subscriber: Subscriber) -> None:
    await upgraded(subscriber)
    with pytest.raises(DBAPIError, match="ck_order_lines_gross"):
        await subscriber.wallet.run(f"update payments.order_lines set practitioner_id = '{new_id()}' where gross < 0")
