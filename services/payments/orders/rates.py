"""The commission rate that a new order's line is frozen at."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.payments.commission.domain import volume_rate, volume_steps
from services.payments.commission.service import rate_for
from services.payments.orders.domain import Terms
from services.payments.orders.repository import OrderLines, Rates
from services.payments.settings import PaymentsSettings
from shared.database.session import Session


async def rates_of_sale(session: Session, settings: PaymentsSettings, terms: Terms) -> Rates:
    """The rate of each practitioner who sells a line."""
    sellers = dict.fromkeys(line.practitioner_id for line in terms.lines)
    return {seller: await rate_of_sale(session, settings, seller) for seller in sellers}


async def rate_of_sale(session: Session, settings: PaymentsSettings, practitioner_id: UUID | None) -> Decimal:
    """The platform's share of a sale now, as a fraction; of what the platform sells it is zero."""
    if practitioner_id is None:
        return Decimal(0)
    return await rate_for(session, practitioner_id, await _by_volume(session, settings, practitioner_id))


async def _by_volume(session: Session, settings: PaymentsSettings, practitioner_id: UUID) -> Decimal | None:
    """None unless the install has the volume rule on; the month is the calendar month in UTC."""
    if not settings.volume_commission:
        return None
    kept = await OrderLines(session).kept_since(practitioner_id, _month_start(session.now()))
    return volume_rate(kept, volume_steps(settings.volume_middle_step, settings.volume_top_step))


def _month_start(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
