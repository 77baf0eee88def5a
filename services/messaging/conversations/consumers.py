"""A confirmed booking opens the conversation of its two sides."""

from services.messaging.conversations import opening
from services.messaging.directory.peers import booking_of
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.booking import BookingConfirmed


async def booking_confirmed(session: Session, event: BookingConfirmed) -> None:
    """What is bought as one has one conversation, that of the parent."""
    if event.booking.parent_id is not None:
        return
    await opening.open_for_booking(session, booking_of(event.booking))


CONSUMERS: Consumers = {BookingConfirmed: booking_confirmed}
