"""Ends that were ordered by others than the client: nothing that the client does undoes them."""

from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice
from services.payments.subscriptions import disputes
from services.payments.tests.subscribers import SUBSCRIPTIONS, Json, Subscriber
from services.payments.tests.tiers import Tier
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
