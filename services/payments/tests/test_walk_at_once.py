"""Several at once: jobs in two leaders, and people who ask for the same money; one effect each."""

import asyncio
import random
from collections import Counter

from devtools.testing.crashes import Crashes
from services.payments.payouts.jobs import advance_payouts
from services.payments.refunds import service as refunds
from services.payments.refunds.jobs import finish_refunds
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.gateway import StripeGateway
from services.payments.tests.books import differences
from services.payments.tests.scenes import Market
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from shared.internal.payments import RefundRequest
from shared.records.ids import new_id
from shared.records.money import Money

LEADERS = 4


async def test_a_payout_is_made_once_though_several_leaders_advance_it(market: Market) -> None:
    await market.account()
    stage = Stage(market, Crashes())
    for _ in range(2):
        await market.earned()
        payout_id = await market.payout(8000)
        await market.approve(payout_id)
        async with asyncio.timeout(30):
            while (await market.show(payout_id))["status"] != "paid":
                await stage.hurry()
                await asyncio.gather(*(advance_payouts(market.runtime) for _ in range(LEADERS)))
    assert await differences(stage) == []
    assert await broken(market) == {}


async def test_a_refund_is_made_once_though_several_leaders_finish_it(market: Market) -> None:
    stage, sale, refund_id = Stage(market, Crashes()), await market.sale(), new_id()
    absent = StripeGateway("sk_test_estuary", api_base="http://127.0.0.1:1", retries=0)
    away = PaymentsRuntime.of(market.runtime, stripe=absent, settings=market.runtime.settings)
    await refunds.refund(away, sale.order_id, RefundRequest(refund_id=refund_id, amount=Money(3000, "USD")))
    await absent.close()
    for _ in range(3):
        await stage.hurry()
        await asyncio.gather(*(finish_refunds(market.runtime) for _ in range(LEADERS)))
    assert await stage.refunds(sale.order_id) == [3000]
    assert await differences(stage) == []
    assert await broken(market) == {}


async def test_people_who_ask_at_once_never_get_more_than_there_is(market: Market) -> None:
    rng, codes = random.Random(1), Counter[int]()
    await market.account()
    sales = [await market.earned(rng.randint(9000, 20_000)) for _ in range(4)]

    async def refund() -> int:
        return int((await market.refund(rng.choice(sales), rng.randint(1, 4000))).status_code)

    async def ask() -> int:
        return int((await market.ask(rng.randint(5000, 9000))).status_code)

    async def approve() -> int:
        rows = await market.sql("select id from payouts where status = 'eligible' order by id")
        return int((await market.approve(str(rng.choice(rows)[0]))).status_code) if rows else 0

    for _ in range(3):
        turns = [rng.choice([refund, ask, approve])() for _ in range(16)]
        codes += Counter(await asyncio.gather(*turns))
        assert await broken(market) == {}
    assert set(codes) <= {0, 200, 201, 409, 422}, codes
    assert codes[200]
    assert codes[201]
    stage = Stage(market, Crashes())
    for _ in range(6):
        await stage.work()
        await asyncio.sleep(0.1)
    assert await differences(stage) == []
