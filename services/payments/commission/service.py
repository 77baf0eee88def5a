"""Which rate a new order line gets."""

from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, func, select

from services.payments.commission.domain import resolve, volume_rate, volume_steps
from services.payments.commission.models import CommissionTerms
from services.payments.orders.domain import OrderStatus
from services.payments.orders.models import Order
from services.payments.refunds.models import Refund
from services.payments.settings import PaymentsSettings
from shared.database.session import Session
from shared.database.statements import CompiledStatement


async def rate_for(session: Session, practitioner_id: UUID, *, multi_vendor: bool = False) -> Decimal:
    """The platform's share for a sale of this practitioner now, as a fraction with four places."""
    terms = await session.first(TERMS, {"practitioner": practitioner_id})
    return resolve(
        override=terms.rate if terms else None,
        volume_rate=await _by_volume(session, practitioner_id),
        plan=terms.plan if terms else None,
        multi_vendor=multi_vendor,
    )


async def _by_volume(session: Session, practitioner_id: UUID) -> Decimal | None:
    """None unless the install has the volume rule on; the month is the calendar month in UTC."""
    settings = cast(PaymentsSettings, session.info["settings"])
    if not settings.volume_commission:
        return None
    steps = volume_steps(settings.volume_middle_step, settings.volume_top_step)
    return volume_rate(await month_gross(session, practitioner_id), steps)


async def month_gross(session: Session, practitioner_id: UUID) -> int:
    """What the practitioner's orders paid in this calendar month (UTC) still hold: refunds of them are taken off."""
    refunded = (
        select(func.coalesce(func.sum(Refund.card - Refund.settles + Refund.credits), 0))
        .where(Refund.order_id == Order.id)
        .scalar_subquery()
    )
    kept = select(func.coalesce(func.sum(Order.total - refunded), 0)).where(
        Order.practitioner_id == practitioner_id,
        Order.status == OrderStatus.PAID,
        Order.paid_at >= _month_start(session.now()),
    )
    return int(await session.scalar(kept) or 0)


def _month_start(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


TERMS = CompiledStatement(
    select(CommissionTerms.plan, CommissionTerms.rate).where(
        CommissionTerms.practitioner_id == bindparam("practitioner")
    )
)
