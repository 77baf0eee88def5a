"""What becomes of a closed account: nothing is paid to it, or charged, by itself."""

from services.payments.people.models import Departure
from services.payments.subscriptions.repository import Subscriptions
from shared.database.erasure import hold_alone
from shared.database.people import close_account
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """No batch and no approval by itself from here on; what they earned is theirs, and staff decide about it.

    Their subscriptions end: nothing is charged any more.
    """
    await hold_alone(session, event.user_id)  # who is subscribing now is done then, and found below
    await close_account(session, Departure, event.user_id)
    await Subscriptions(session).stop_of(event.user_id)


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}
