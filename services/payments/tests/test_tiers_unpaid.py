"""Tiers of which the first bill was never paid."""

from services.payments.tests.subscribers import Subscriber
from services.payments.tests.tiers import Tier
from shared.records.ids import new_id


class TestUnpaid:
    async def test_a_tier_that_is_off_is_not_paid_for_any_more(self, subscriber: Subscriber) -> None:
        tier = Tier(subscriber, new_id(), new_id())
        await tier.put()
        unpaid = (await tier.subscribe())["shown"]
        await tier.put(version=9)
        await tier.put(version=8, is_active=False)
        await subscriber.work()
        assert (await subscriber.show(unpaid["id"]))["status"] == "incomplete"
        await tier.put(version=10, is_active=False)
        await subscriber.work()
        shown = await subscriber.show(unpaid["id"])
        assert (shown["status"], shown["end_reason"], shown["payment"]) == ("ended", "cancelled", None)
