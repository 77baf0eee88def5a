"""What staff decide about a payout that cannot go on by itself."""

from uuid import UUID

from services.payments import audit
from services.payments.payouts import bank
from services.payments.payouts.domain import PayoutStatus
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import Payouts
from shared.auth import Who
from shared.db import Session
from shared.state import IllegalTransition


async def retry(session: Session, who: Who, payout_id: UUID) -> Payout:
    """Does the next step again by the job; raises IllegalTransition where the payout does not need attention."""
    payout = await Payouts(session).lock(payout_id)
    demand_attention(payout, PayoutStatus.PROCESSING)
    before = {"status": payout.status, "reason": payout.shown_reason}
    bank.go_on(session, payout)
    audit.record(session, who, "payout.retry", payout.id, before, {"status": payout.status})
    return payout


def demand_attention(payout: Payout, wanted: PayoutStatus) -> None:
    """Raises IllegalTransition where the payout does not wait for such a decision."""
    if payout.status is not PayoutStatus.NEEDS_ATTENTION:
        raise IllegalTransition(f"This cannot go from {payout.status.value} to {wanted.value}.")
