"""What catalog does when identity reports that an account is no more."""

from services.catalog.practitioners import service
from shared.database import idempotency
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """Takes the practitioner and their services out of every list; most accounts have no practitioner."""
    await service.deactivate(session, event.user_id, erased=event.erased)
    if event.erased:
        await idempotency.forget(session, event.user_id, mentions=True)


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}
