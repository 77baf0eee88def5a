"""What a suspension means for payouts."""

from services.payments.earnings.repository import PractitionerLocks
from services.payments.holds.repository import PayoutHolds
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserRestored, UserSuspended


async def user_suspended(session: Session, event: UserSuspended) -> None:
    """No payout is asked for or approved until the account is restored; one under way goes on."""
    if event.practitioner_id is not None:
        await PractitionerLocks(session).lock(event.practitioner_id)
        await PayoutHolds(session).decided(event.practitioner_id, event.occurred_at, suspended=True)


async def user_restored(session: Session, event: UserRestored) -> None:
    """Payouts go on, unless another cause holds them."""
    if event.practitioner_id is not None:
        await PractitionerLocks(session).lock(event.practitioner_id)
        await PayoutHolds(session).decided(event.practitioner_id, event.occurred_at, suspended=False)


CONSUMERS: Consumers = {UserSuspended: user_suspended, UserRestored: user_restored}
