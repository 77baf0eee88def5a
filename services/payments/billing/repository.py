"""SQL of bills, which are the orders of periods and of changes, and of cards that are offered for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.billing.models import CardOffer
from services.payments.orders.domain import OrderStatus
from services.payments.orders.models import Order
from services.payments.subscriptions.domain import ChangeStatus, PeriodStatus, SubscriptionStatus
from services.payments.subscriptions.models import Period, PlanChange, Subscription
from shared.database.repository import Repository
from shared.records.clock import machine_now
from shared.records.ids import new_id

WENT_BACK = Order.refunded_card + Order.refunded_credits + Order.disputed


class Bills(Repository):
    """The orders of periods, and of differences between plans."""

    async def of(self, subscriptions: Sequence[Subscription]) -> Mapping[UUID, Order]:
        """Those that can be paid now, by subscription; in one query."""
        ids = [subscription.id for subscription in subscriptions]
        periods = select(Period.order_id).where(Period.subscription_id.in_(ids), Period.status == PeriodStatus.OPEN)
        pending = (PlanChange.subscription_id.in_(ids), PlanChange.status == ChangeStatus.PENDING)
        bills = periods.union_all(select(PlanChange.order_id).where(*pending))
        orders = await self.session.scalars(select(Order).where(Order.id.in_(bills)))
        return {order.subject_id: order for order in orders if order.payable and order.subject_id is not None}

    async def really_paid(self, subscription: Subscription) -> int:
        """The price in force less what went back of the current period's bills, each for the part that it brought.

        Without what dearer plans were given for nothing, since it was too little for a card.
        """
        in_period = (Period.subscription_id == subscription.id, Period.number == subscription.number)
        of_period = select(func.coalesce(func.sum(WENT_BACK), 0)).join(Period, Period.order_id == Order.id)
        less, steps = int(await self.session.scalar(of_period.where(*in_period)) or 0), await self._dearer(subscription)
        paid = steps[0][0].before if steps else subscription.amount
        for change, back in steps:
            if change.due > 0:
                less += -(-back * (change.amount - paid) // change.due)
                paid = change.amount
        return max(paid - less, 0)

    async def _dearer(self, subscription: Subscription) -> Sequence[tuple[PlanChange, int]]:
        """The changes to dearer plans in the current period, in their order, with what went back of their bills."""
        theirs = (PlanChange.subscription_id == subscription.id, PlanChange.number == subscription.number)
        dearer = (PlanChange.status == ChangeStatus.APPLIED, PlanChange.amount > PlanChange.before)
        steps = select(PlanChange, func.coalesce(WENT_BACK, 0)).outerjoin(Order, Order.id == PlanChange.order_id)
        rows = await self.session.execute(steps.where(*theirs, *dearer).order_by(PlanChange.amount))
        return [(change, int(back)) for change, back in rows]

    async def lock_current(self, subscription: Subscription) -> Sequence[Order]:
        """The paid bills of the current period and of changes in it, newest first; locked in the order of their ids."""
        period, change = (Period.subscription_id, Period.number), (PlanChange.subscription_id, PlanChange.number)
        here = (subscription.id, subscription.number)
        ids = (
            select(Period.order_id)
            .where(tuple_(*period) == here)
            .union(select(PlanChange.order_id).where(tuple_(*change) == here))
        )
        bills = select(Order).where(Order.id.in_(ids), Order.status == OrderStatus.PAID).order_by(Order.id)
        locked = await self.session.scalars(bills.with_for_update(key_share=True))
        return sorted(locked, key=lambda order: order.paid_at or order.created_at, reverse=True)

    async def extend(self, order_id: UUID, until: datetime) -> None:
        """The bill can be paid until then."""
        await self.session.execute(update(Order).where(Order.id == order_id).values(expires_at=until))

    async def paid_late(self, limit: int) -> list[UUID]:
        """Those whose money came after they had been given up, and has not gone back."""
        query = (
            select(Order.id)
            .outerjoin(Period, Period.order_id == Order.id)
            .outerjoin(PlanChange, PlanChange.order_id == Order.id)
            .where(
                Order.status == OrderStatus.PAID_LATE,
                Order.refunded_card < Order.amount_due,
                or_(Period.order_id.is_not(None), PlanChange.order_id.is_not(None)),
            )
        )
        return list(await self.session.scalars(query.limit(limit)))


class CardOffers(Repository):
    """Cards that were saved or chosen while a bill may be overdue."""

    async def add(self, user_id: UUID, method_id: UUID) -> None:
        """Where the user has an overdue bill; else there is nothing to try. A card is offered once at a time."""
        overdue = exists().where(Subscription.user_id == user_id, Subscription.status == SubscriptionStatus.PAST_DUE)
        if not await self.session.scalar(select(overdue)):
            return
        anew = {"id": new_id(), "tries": 0, "next_try_at": machine_now(), "last_error": None}
        mine = {"user_id": user_id, "method_id": method_id, "created_at": self.session.now()}
        row = insert(CardOffer).values(anew | mine)
        changed = row.on_conflict_do_update(index_elements=["user_id", "method_id"], set_=anew)
        await self.session.execute(changed)

    async def done(self, offer_id: UUID) -> None:
        """It has been tried."""
        await self.session.execute(delete(CardOffer).where(CardOffer.id == offer_id))
