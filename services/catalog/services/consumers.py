"""What catalog does when identity reports of accounts: that one has ended, is suspended, or is restored."""

from datetime import datetime
from uuid import UUID

from services.catalog.practitioners import service as practitioners
from services.catalog.services import service
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated, UserRestored, UserSuspended


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """Takes the practitioner and their services out of every list; most accounts have no practitioner."""
    practitioner = await practitioners.deactivate(session, event.user_id, erased=False)
    if practitioner is not None:
        await service.publish_services_of(session, practitioner.id)


async def user_suspended(session: Session, event: UserSuspended) -> None:
    """Takes the practitioner and their services off sale; what is booked stays."""
    await _suspend(session, event.user_id, event.occurred_at)


async def user_restored(session: Session, event: UserRestored) -> None:
    """Puts them on sale again, if staff has approved the practitioner."""
    await _suspend(session, event.user_id, None)


async def _suspend(session: Session, user_id: UUID, since: datetime | None) -> None:
    practitioner = await practitioners.suspend(session, user_id, since)
    if practitioner is not None:
        await service.publish_services_of(session, practitioner.id)


CONSUMERS: Consumers = {
    UserDeactivated: user_deactivated,
    UserSuspended: user_suspended,
    UserRestored: user_restored,
}
