"""Finding what can be booked."""

from uuid import UUID

from services.booking.offerings.repository import Offerings, ServiceWithHours
from services.booking.peers import ask_service
from services.booking.runtime import BookingRuntime
from shared.errors import NotFound


async def known_offer(runtime: BookingRuntime, service_id: UUID) -> ServiceWithHours:
    """The service, bookable or not; asks catalog before it says NotFound."""
    async with runtime.db.read() as session:
        offer = await Offerings(session).find(service_id)
    return offer or await _asked(runtime, service_id)


async def open_offer(runtime: BookingRuntime, service_id: UUID) -> ServiceWithHours:
    """A service that can be booked now; asks catalog before it says NotFound."""
    async with runtime.db.read() as session:
        offer = await Offerings(session).find(service_id)
    if offer is None or (offer.may_sell and not offer.offering.is_active):
        offer = await _asked(runtime, service_id)
    if not (offer.may_sell and offer.offering.is_active):
        raise NotFound("This service cannot be booked.")
    return offer


async def _asked(runtime: BookingRuntime, service_id: UUID) -> ServiceWithHours:
    snapshot = await ask_service(runtime.peers, service_id)
    async with runtime.db.transaction() as session:
        await Offerings(session).put(snapshot)
        offer = await Offerings(session).find(service_id)
    if offer is None:
        raise NotFound
    return offer
