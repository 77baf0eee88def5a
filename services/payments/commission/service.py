"""Which rate a new order line gets."""

from decimal import Decimal
from uuid import UUID

from services.payments.commission.domain import resolve
from services.payments.commission.repository import Terms
from shared.database.session import Session


async def rate_for(
    session: Session, practitioner_id: UUID, by_volume: Decimal | None, *, multi_vendor: bool = False
) -> Decimal:
    """The platform's share for a sale of this practitioner now, as a fraction with four places.

    `by_volume` is the rate of the practitioner's monthly gross; None where the install has no such rule.
    """
    own, by_plan = await Terms(session).rates(practitioner_id)
    return resolve(override=own, volume_rate=by_volume, plan_rate=by_plan, multi_vendor=multi_vendor)
