"""What catalog does when identity reports that an account has ended."""

from services.catalog.practitioners import service as practitioners
from services.catalog.services import service
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """Takes the practitioner and their services out of every list; most accounts have no practitioner."""
    practitioner = await practitioners.deactivate(session, event.user_id, erased=False)
    if practitioner is not None:
        await service.publish_services_of(session, practitioner.id)


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}
