"""A payments that sells tiers as the real one does, as far as streams can tell: its plans, and who has subscribed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from starlette.responses import JSONResponse

from shared.events.subscriptions import (
    SubscriptionSnapshot,
)
from shared.internal.subscriptions import (
    ACCESS,
    PUT_TIER_PLAN,
    PUT_TIER_SUBSCRIPTION,
    KnownPlan,
    KnownSubscriptions,
    NewTierSubscription,
    TierPlan,
    TierSubscription,
)
from shared.records.clock import FixedClock
from shared.records.ids import new_id

MONTH = timedelta(days=30)


class Shop:
    """With a card a subscription is active at once; without one it waits until `pay`."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock, self.app = clock, FastAPI()
        self.plans: dict[UUID, TierPlan] = {}
        self.sold: dict[UUID, SubscriptionSnapshot] = {}
        self.is_down, self.asked = False, 0
        self.puts_plan, self.sells = self.put_plan, self.sell
        self.app.put(PUT_TIER_PLAN.path)(self._put_plan)
        self.app.put(PUT_TIER_SUBSCRIPTION.path)(self._sell)
        self.app.get(ACCESS.path)(self._access)

    async def _put_plan(self, plan_id: UUID, body: TierPlan) -> Any:
        return await self.puts_plan(plan_id, body)

    async def _sell(self, subscription_id: UUID, body: NewTierSubscription) -> Any:
        return await self.sells(subscription_id, body)

    async def put_plan(self, plan_id: UUID, body: TierPlan) -> Any:
        """What it does, unless a test has put something in the place of `puts_plan`."""
        if self.is_down:
            return problem(503, "unavailable")
        known = self.plans.get(plan_id)
        if known is None or known.version < body.version:
            self.plans[plan_id] = body
        return KnownPlan(version=self.plans[plan_id].version)

    async def sell(self, subscription_id: UUID, body: NewTierSubscription) -> Any:
        """Likewise, in the place of `sells`."""
        if self.is_down:
            return problem(503, "unavailable")
        plan = self.plans.get(body.plan_id)
        if plan is None or not plan.is_active:
            return problem(404, "not_found") if plan is None else problem(409, "plan_inactive")
        if subscription_id not in self.sold:
            if any(one.user_id == body.user_id and one.stream_id == plan.stream_id for one in self.living()):
                return problem(409, "already_subscribed")
            self.sold[subscription_id] = self._new(subscription_id, body, plan)
        snapshot = self.sold[subscription_id]
        return TierSubscription.model_validate({"shown": shown(snapshot), "snapshot": snapshot})

    async def _access(self, user_id: UUID, kind: str) -> Any:
        self.asked += 1
        if self.is_down:
            return problem(503, "unavailable")
        return KnownSubscriptions(results=[one for one in self.sold.values() if one.user_id == user_id])

    def living(self) -> list[SubscriptionSnapshot]:
        """Those that have not ended."""
        return [one for one in self.sold.values() if one.status != "ended"]

    def change(self, subscription_id: Any, **changes: Any) -> SubscriptionSnapshot:
        """The subscription's next version."""
        known = self.sold[UUID(str(subscription_id))]
        changed = known.model_copy(update={"version": known.version + 1, **changes})
        self.sold[known.id] = changed
        return changed

    def pay(self, subscription_id: Any) -> SubscriptionSnapshot:
        """Its bill is paid: it gives access for a month."""
        end = self.clock.now() + MONTH
        return self.change(subscription_id, status="active", access_until=end, current_period_end=end)

    def _new(self, subscription_id: UUID, body: NewTierSubscription, plan: TierPlan) -> SubscriptionSnapshot:
        paid, end = body.payment_method_id is not None, self.clock.now() + MONTH
        return SubscriptionSnapshot(
            id=subscription_id,
            kind="stream_tier",
            user_id=body.user_id,
            practitioner_id=plan.practitioner_id,
            stream_id=plan.stream_id,
            plan_id=body.plan_id,
            plan_code=f"{plan.stream_id.hex}-{plan.level}",
            level=plan.level,
            features={},
            interval=body.interval,
            price=plan.price,
            status="active" if paid else "incomplete",
            current_period_end=end if paid else None,
            trial_until=None,
            access_until=end if paid else None,
            retry_at=None,
            end_reason=None,
            version=1 if paid else 0,
        )


def shown(snapshot: SubscriptionSnapshot) -> dict[str, Any]:
    """The subscription as its user sees it."""
    bill = {
        "order_id": new_id(),
        "client_secret": "pi_1_secret_2",
        "publishable_key": "pk_test",
        "next_action_url": "https://bank.example/",
        "amount_due": snapshot.price,
        "status": "requires_payment_method",
        "expires_at": "2030-01-01T00:00:00Z",
    }
    names = ("id", "kind", "interval", "price", "status", "access_until")
    same = {name: getattr(snapshot, name) for name in names}
    return {**same, "plan": {"name": "Friends"}, "payment": bill if snapshot.status == "incomplete" else None}


def problem(status: int, code: str) -> JSONResponse:
    """A refusal."""
    body = {"detail": code, "code": code, "errors": []}
    return JSONResponse(body, status, media_type="application/problem+json")
