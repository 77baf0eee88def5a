"""Ends that were ordered by others than the client: nothing that the client does undoes them."""

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice
from services.payments.billing import service as billing
from services.payments.chargebacks.service import sync_dispute
from services.payments.subscriptions import disputes
from services.payments.subscriptions.models import Subscription
from services.payments.tests.disputes import dispute_of
from services.payments.tests.subscribers import SUBSCRIPTIONS, Json, Subscriber
from services.payments.tests.tiers import Tier, usd
from shared.events.identity import UserDeactivated
from shared.records.ids import new_id


@pytest.fixture
async def tier(subscriber: Subscriber) -> Tier:
    found = Tier(subscriber, new_id(), new_id())
    assert (await found.put()).status_code == 200
    return found


async def as_fan(tier: Tier, made: Json, what: str, **body: str) -> Json:
    """The fan's `POST {id}/cancel/` and the like; what the subscription is then."""
    api, fan = tier.subscriber.wallet.api, headers_for(tier.subscriber.wallet.client_id)
    await api.post(f"{SUBSCRIPTIONS}{made['id']}/{what}/", json=body or None, headers=fan)
    shown: Json = (await api.get(f"{SUBSCRIPTIONS}{made['id']}/", headers=fan)).json()
    return shown


class TestStays:
    @pytest.mark.parametrize("what", ["cancel", "reactivate", "pause", "resume"])
    async def test_of_a_stream_that_is_gone(self, tier: Tier, what: str) -> None:
        made = (await tier.active())["shown"]
        await tier.subscriber.later(minutes=5)
        await tier.put(is_active=False, is_gone=True)
        await as_fan(tier, made, what, **({"at": "period_end"} if what == "cancel" else {}))
        await tier.subscriber.work()
        shown = await as_fan(tier, made, "resume")
        assert (shown["status"], shown["end_reason"], shown["access_until"]) == (
            "ended",
            "cancelled",
            shown["cancel_at"],
        )
        assert await tier.subscriber.paid() == [500]
        assert await tier.subscriber.broken() == []

    async def test_of_a_dispute(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await subscriber.later(minutes=5)
        async with subscriber.wallet.runtime.db.transaction() as session:
            await disputes.stop(session, UUID(made["id"]))
        shown = (await subscriber.change(made["id"], "cancel", at="period_end")).json()
        assert (shown["status"], shown["cancel_at"]) == ("ended", shown["access_until"])
        assert await subscriber.paid() == [2900]

    async def test_of_a_closed_account(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await deliver_twice(subscriber.wallet.app, UserDeactivated(user_id=subscriber.wallet.client_id))
        await subscriber.change(made["id"], "cancel", at="period_end")
        assert (await subscriber.show(made["id"]))["status"] == "ended"
        assert await subscriber.paid() == [2900]


class TestOfAStream:
    async def test_who_subscribes_in_that_moment_is_stopped_too(
        self, tier: Tier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        card, make, putting = await tier.subscriber.wallet.save(), billing._make, list[asyncio.Task[httpx2.Response]]()

        async def slow(*args: Any, **kwargs: Any) -> Subscription:
            putting.append(asyncio.create_task(tier.put(is_active=False, is_gone=True)))
            await asyncio.wait(putting, timeout=0.5)
            return await make(*args, **kwargs)

        monkeypatch.setattr(billing, "_make", slow)
        made = (await tier.subscribe(payment_method_id=card["id"]))["shown"]
        assert (await putting[0]).status_code == 200
        await tier.subscriber.at(made["current_period_end"])
        assert await tier.access() == []
        assert len(await tier.subscriber.paid()) <= 1

    async def test_who_changes_between_its_tiers_is_stopped_with_the_first(self, tier: Tier) -> None:
        made = (await tier.active())["shown"]
        better = Tier(tier.subscriber, tier.stream_id, new_id())
        await better.put(level=2, name="Patrons", price=usd(1000))
        await tier.subscriber.wallet.run("delete from payments.payment_methods")
        changed = await as_fan(tier, made, "change", plan_id=str(better.plan_id), interval="month")
        bill = changed["payment"]
        await better.put(level=2, is_active=False, is_gone=True)
        await tier.subscriber.pay(bill)
        await tier.put(is_active=False, is_gone=True)
        await tier.subscriber.work()
        assert await tier.access() == []
        assert await tier.subscriber.broken() == []

    @pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.slow)])
    async def test_changes_beside_it_wait_for_each_other(self, tier: Tier, times: int) -> None:
        made = (await tier.active())["shown"]
        better = Tier(tier.subscriber, tier.stream_id, new_id())
        await better.put(level=2, name="Patrons", price=usd(1000))
        wanted = {"plan_id": str(better.plan_id), "interval": "month"}
        asked = [as_fan(tier, made, "change", **wanted) for _ in range(times)]
        going = [each.put(level=level, is_active=False, is_gone=True) for each, level in ((better, 2), (tier, 1))]
        _, gone = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*going))
        assert [answer.status_code for answer in gone] == [200, 200]
        await tier.subscriber.work()
        assert await tier.access() == []
        assert await tier.subscriber.broken() == []


class TestOfTwoDisputes:
    async def heard(self, subscriber: Subscriber, intent_id: str, text: str | None = None) -> None:
        """The dispute of that payment, once its bank has decided by this evidence, is heard of."""
        dispute_id = await dispute_of(subscriber.wallet.stripe_api, intent_id)
        if text:
            evidence = {"evidence[uncategorized_text]": text}
            await subscriber.wallet.stripe_api.post(f"/disputes/{dispute_id}", data=evidence)
        await sync_dispute(subscriber.wallet.runtime, dispute_id)
        await subscriber.work()

    @pytest.mark.parametrize("other", ["losing", "winning"])
    async def test_access_returns_once_neither_is_open_or_lost(self, subscriber: Subscriber, other: str) -> None:
        made = await subscriber.subscribe()
        await subscriber.pay(made["payment"], "pm_card_createDispute")
        await subscriber.half(await subscriber.show(made["id"]))
        await subscriber.change_to(made["id"], "premium")
        bills = "select intent_id from payments.orders where status = 'paid' order by created_at"
        (first,), (second,) = await subscriber.wallet.sql(bills)
        for intent_id in (first, second):
            await self.heard(subscriber, intent_id)
        ended = await subscriber.show(made["id"])
        assert (ended["status"], ended["end_reason"]) == ("ended", "chargeback")
        await self.heard(subscriber, first if other == "winning" else second, f"{other}_evidence")
        assert await subscriber.show(made["id"]) == ended
        await self.heard(subscriber, second if other == "winning" else first, "winning_evidence")
        now = await subscriber.show(made["id"])
        assert now["access_until"] == (ended["access_until"] if other == "losing" else now["current_period_end"])
