"""Paid tiers are plans of payments: offered after the commit, and however often it takes."""

from typing import Any
from uuid import UUID

from devtools.testing.delivery import deliver_twice, erase, run_jobs
from services.streams.tests.conftest import STREAM
from shared.events.identity import UserDeactivated


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


class TestPlans:
    async def test_paid_tiers_are_offered_after_the_commit(self, app, maya, stream, shop):
        await run_jobs(app)
        plans = {plan.level: plan for plan in shop.plans.values()}
        assert {level: (plan.name, plan.price.amount, plan.is_active) for level, plan in plans.items()} == {
            1: ("Friends", 500, True),
            2: ("Patrons", 1500, True),
        }
        assert {str(plan.stream_id) for plan in plans.values()} == {stream["id"]}
        assert {str(plan.practitioner_id) for plan in plans.values()} == {stream["practitioner_id"]}

    async def test_a_new_price_and_a_tier_that_was_left_out(self, app, maya, stream, shop):
        await run_jobs(app)
        tiers = [{"name": "Pals", "level": 1, "price": usd(700)}]
        assert (await maya.put(f"/streams/{stream['id']}/", {"tiers": tiers})).status_code == 200
        await run_jobs(app)
        plans = {plan.level: plan for plan in shop.plans.values()}
        assert (plans[1].name, plans[1].price.amount, plans[1].is_active) == ("Pals", 700, True)
        assert plans[2].is_active is False
        await maya.put(f"/streams/{stream['id']}/", {"tiers": STREAM["tiers"]})
        await run_jobs(app)
        assert {plan.level: plan.is_active for plan in shop.plans.values()} == {1: True, 2: True}

    async def test_all_are_taken_off_with_their_stream(self, app, maya, stream, shop, sql):
        assert (await maya.delete(f"/streams/{stream['id']}/")).status_code == 204
        await run_jobs(app)
        assert {plan.level: (plan.is_active, plan.is_gone) for plan in shop.plans.values()} == {
            1: (False, True),
            2: (False, True),
        }
        assert await sql("select id from streams.plan_updates") == []

    async def test_all_are_taken_off_with_the_account_of_their_creator(self, app, maya, stream, shop):
        await run_jobs(app)
        assert {plan.is_gone for plan in shop.plans.values()} == {False}
        await deliver_twice(app, UserDeactivated(user_id=maya.user_id))
        await run_jobs(app)
        assert {plan.level: plan.is_gone for plan in shop.plans.values()} == {1: True, 2: True}
        await erase(app, maya.user_id, UUID(stream["practitioner_id"]))
        await run_jobs(app)
        assert {plan.level: plan.is_gone for plan in shop.plans.values()} == {1: True, 2: True}

    async def test_while_payments_is_down_they_wait(self, app, maya, stream, shop, sql):
        shop.is_down = True
        await run_jobs(app)
        assert shop.plans == {}
        assert {row[0] for row in await sql("select last_error is not null from streams.plan_updates")} == {True}
        shop.is_down = False
        await sql("update streams.plan_updates set next_try_at = now() - interval '1 second'")
        await run_jobs(app)
        assert len(shop.plans) == 2
        assert await sql("select id from streams.plan_updates") == []

    async def test_what_changed_while_it_was_sent_is_sent_again(self, app, maya, stream, shop, sql):
        tiers = [{"name": "Pals", "level": 1, "price": usd(700)}]

        async def meanwhile(plan_id, body):
            shop.puts_plan = shop.put_plan
            assert (await maya.put(f"/streams/{stream['id']}/", {"tiers": tiers})).status_code == 200
            return await shop.put_plan(plan_id, body)

        shop.puts_plan = meanwhile
        await run_jobs(app)
        await run_jobs(app)
        assert {plan.level: (plan.name, plan.is_active) for plan in shop.plans.values()} == {
            1: ("Pals", True),
            2: ("Patrons", False),
        }
