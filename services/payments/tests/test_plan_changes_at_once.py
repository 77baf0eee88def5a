"""Changes of plan beside each other, beside renewals and cancellations, and beside a clock that jumps."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from services.payments.billing.jobs import advance_subscriptions
from services.payments.tests.subscribers import Json, Subscriber, moment, terms

DAY = timedelta(days=1)
TIMES = [5, pytest.param(50, marks=pytest.mark.slow)]
DROPPED = "select count(*) from payments.plan_changes where status = 'dropped'"
UNPAID = "select count(*) from payments.orders where status in ('open', 'authorized')"


class TestAtOnce:
    @pytest.mark.parametrize("times", TIMES)
    async def test_the_same_change_is_one(self, subscriber: Subscriber, times: int) -> None:
        made = await subscriber.active()
        await subscriber.plan("premium")
        asked = (subscriber.ask_to_change(made["id"], "premium") for _ in range(times))
        statuses = Counter(answer.status_code for answer in await asyncio.gather(*asked))
        assert statuses[200] >= 1
        assert set(statuses) <= {200, 422}
        assert await subscriber.paid() == [2900, 5000]
        assert terms(await subscriber.show(made["id"])) == ("premium", "month", 7900, None)
        assert await subscriber.published() == ["Activated", "Changed"]

    @pytest.mark.parametrize("times", TIMES)
    async def test_of_two_each_is_paid_or_replaced(self, subscriber: Subscriber, times: int) -> None:
        made = await subscriber.active()
        await subscriber.make_plan("studio", 9900)
        await subscriber.plan("premium")
        codes = ["premium", "studio"] * (times // 2 + 1)
        asked = (subscriber.ask_to_change(made["id"], code) for code in codes[:times])
        answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} <= {200, 422}
        shown, paid = await subscriber.show(made["id"]), sum(await subscriber.paid())
        if shown["pending_change"]:  # premium after studio: it waits
            assert (terms(shown)[0], paid) == ("studio", 9900)
        else:
            assert paid == shown["price"]["amount"]
        assert await subscriber.wallet.sql(UNPAID) == [(0,)]

    @pytest.mark.parametrize("times", TIMES)
    async def test_beside_a_renewal_the_period_is_billed_once(self, subscriber: Subscriber, times: int) -> None:
        made = await subscriber.active()
        await subscriber.plan("premium")
        subscriber.wallet.clock.set(moment(made["current_period_end"]))
        asked = [subscriber.ask_to_change(made["id"], "premium") for _ in range(times)]
        renewing = [advance_subscriptions(subscriber.wallet.runtime) for _ in range(3)]
        answers, _ = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*renewing))
        await subscriber.work()
        changed = any(answer.status_code == 200 for answer in answers)
        assert {answer.status_code for answer in answers} <= {200, 409, 422}
        assert await subscriber.paid() == [2900, 2900] + [5000] * changed
        assert [one["status"] for one in await subscriber.periods(made["id"])] == ["paid", "paid"]
        assert await subscriber.wallet.sql(UNPAID) == [(0,)]

    @pytest.mark.parametrize("times", TIMES)
    async def test_beside_a_renewal_what_is_pending_is_in_force_once(self, subscriber: Subscriber, times: int) -> None:
        made = await subscriber.active(code="premium")
        await subscriber.change_to(made["id"], "entry")
        subscriber.wallet.clock.set(moment(made["current_period_end"]))
        await asyncio.gather(*(advance_subscriptions(subscriber.wallet.runtime) for _ in range(times)))
        await subscriber.work()
        assert await subscriber.paid() == [7900, 2900]
        assert await subscriber.published() == ["Activated", "Changed", "Renewed"]

    @pytest.mark.parametrize("times", TIMES)
    async def test_beside_a_cancellation(self, subscriber: Subscriber, times: int) -> None:
        made = await subscriber.active()
        await subscriber.plan("premium")
        asked = [subscriber.ask_to_change(made["id"], "premium") for _ in range(times)]
        answers, cancelled = await asyncio.gather(asyncio.gather(*asked), subscriber.change(made["id"], "cancel"))
        assert cancelled.status_code == 200, cancelled.text
        assert {answer.status_code for answer in answers} <= {200, 409, 422}
        shown = await subscriber.show(made["id"])
        assert (shown["cancel_at"], shown["pending_change"]) == (made["current_period_end"], None)
        assert await subscriber.paid() == [2900] + [5000] * (shown["plan"]["code"] == "premium")
        await subscriber.at(made["current_period_end"])
        assert (await subscriber.show(made["id"]))["status"] == "ended"
        assert await subscriber.wallet.sql(UNPAID) == [(0,)]

    @pytest.mark.parametrize("times", TIMES)
    async def test_a_bill_that_is_paid_while_it_is_undone(self, subscriber: Subscriber, times: int) -> None:
        changed = await subscriber.pending()
        paying = [subscriber.wallet.confirm(changed["payment"]["order_id"], payment_method="pm_card_visa")]
        undoing = (subscriber.change(changed["id"], "reactivate") for _ in range(times))
        await asyncio.gather(*paying, *undoing)
        shown = await subscriber.show(changed["id"])
        assert shown["pending_change"] is None
        [(dropped,)] = await subscriber.wallet.sql(DROPPED)
        assert (shown["plan"]["code"] == "premium") == (dropped == 0)
        assert await subscriber.wallet.sql(UNPAID) == [(0,)]


SUMS = """
    select a.kind, coalesce(sum(case when t.credit_id = a.id then t.amount else -t.amount end), 0)
    from payments.ledger_accounts a join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
    group by a.kind order by a.kind
"""


async def begun(subscriber: Subscriber, change: tuple[str, str], *, paid: bool) -> Json:
    """A subscription with that change: it waits for the period's end, or for a payment that does not come."""
    made = await subscriber.active(code="premium")
    await subscriber.later(days=3)
    await subscriber.wallet.run(f"update payments.payment_methods set is_default = {paid}")
    changed = await subscriber.change_to(made["id"], *change)
    assert changed["pending_change"]
    await subscriber.wallet.run("update payments.payment_methods set is_default = true")
    return changed


@pytest.mark.parametrize(
    ("change", "paid"),
    [(("entry", "month"), True), (("studio", "month"), False), (("premium", "year"), False)],
    ids=["cheaper", "dearer-unpaid", "year-unpaid"],
)
async def test_rule_mn_7_one_jump_of_400_days_is_as_400_of_one_day(
    subscriber: Subscriber, change: tuple[str, str], paid: bool
) -> None:
    await subscriber.make_plan("studio", 9900)
    seen = []
    for days in (1, 400):
        before = dict(await subscriber.wallet.sql(SUMS))
        made, began = await begun(subscriber, change, paid=paid), subscriber.wallet.clock.now()
        for day in range(1, days + 1):
            await subscriber.at(began + day * (400 // days) * DAY)
        anchor = moment(made["current_period_start"])
        periods = [
            (moment(one["start"]) - anchor, one["amount"]["amount"], one["status"])
            for one in await subscriber.periods(made["id"])
        ]
        after = dict(await subscriber.wallet.sql(SUMS))
        seen.append((len(periods), [each[1:] for each in periods], {k: after[k] - before.get(k, 0) for k in after}))
        assert terms(await subscriber.show(made["id"]))[0] == ("entry" if paid else "premium")
        await subscriber.change(made["id"], "cancel")
        await subscriber.later(days=40)
    assert seen[0] == seen[1]
    assert seen[0][0] == 14
