"""What becomes of a closed account: nothing is paid to it by itself."""

from services.payments.people.models import Departure
from shared.database.people import close_account
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """No batch and no approval by itself from here on; what they earned is theirs, and staff decide about it."""
    await close_account(session, Departure, event.user_id)


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}
