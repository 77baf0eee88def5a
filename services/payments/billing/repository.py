"""SQL of bills, which are the orders of periods, and of cards that are offered for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from services.payments.billing.models import CardOffer
from services.payments.orders.domain import OrderStatus
from services.payments.orders.models import Order
from services.payments.subscriptions.domain import PeriodStatus, SubscriptionStatus
from services.payments.subscriptions.models import Period, Subscription
from shared.database.repository import Repository
from shared.records.clock import machine_now


class Bills(Repository):
    """The orders of periods."""

    async def of(self, subscriptions: Sequence[Subscription]) -> Mapping[UUID, Order]:
        """Those that can be paid now, by subscription; in one query."""
        ids = [subscription.id for subscription in subscriptions]
        bills = select(Period.subscription_id, Order).join(Order, Order.id == Period.order_id)
        rows = await self.session.execute(
            bills.where(Period.subscription_id.in_(ids), Period.status == PeriodStatus.OPEN)
        )
        return {subscription_id: order for subscription_id, order in rows if order.payable}

    async def extend(self, order_id: UUID, until: datetime) -> None:
        """The bill can be paid until then."""
        await self.session.execute(update(Order).where(Order.id == order_id).values(expires_at=until))

    async def paid_late(self, limit: int) -> list[UUID]:
        """Those whose money came after they had been given up, and has not gone back."""
        query = (
            select(Order.id)
            .join(Period, Period.order_id == Order.id)
            .where(
                Order.status == OrderStatus.PAID_LATE,
                Order.refunded_card < Order.amount_due,
            )
        )
        return list(await self.session.scalars(query.limit(limit)))


class CardOffers(Repository):
    """Cards that were saved or chosen while a bill may be overdue."""

    async def add(self, user_id: UUID, method_id: UUID) -> None:
        """Where the user has an overdue bill; else there is nothing to try."""
        overdue = exists().where(Subscription.user_id == user_id, Subscription.status == SubscriptionStatus.PAST_DUE)
        if await self.session.scalar(select(overdue)):
            now = self.session.now()
            self.session.add(
                CardOffer(user_id=user_id, method_id=method_id, created_at=now, tries=0, next_try_at=machine_now())
            )

    async def done(self, offer_id: UUID) -> None:
        """It has been tried."""
        await self.session.execute(delete(CardOffer).where(CardOffer.id == offer_id))
