"""Finding what can be booked."""

from uuid import UUID

from services.booking.offerings.repository import Offer, Offerings
from services.booking.peers import ask_service
from services.booking.runtime import BookingRuntime
from shared.errors import NotFound


async def known_offer(rt: BookingRuntime, service_id: UUID) -> Offer:
    """The service, bookable or not; asks catalog before it says NotFound."""
    async with rt.db.read() as session:
        offer = await Offerings(session).find(service_id)
    return offer or await _asked(rt, service_id)


async def open_offer(rt: BookingRuntime, service_id: UUID) -> Offer:
    """A service that can be booked now; asks catalog before it says NotFound."""
    async with rt.db.read() as session:
        offer = await Offerings(session).find(service_id)
    if offer is None or (offer.may_sell and not offer.offering.is_active):
        offer = await _asked(rt, service_id)
    if not (offer.may_sell and offer.offering.is_active):
        raise NotFound("This service cannot be booked.")
    return offer


async def _asked(rt: BookingRuntime, service_id: UUID) -> Offer:
    snapshot = await ask_service(rt.peers, service_id)
    async with rt.db.transaction() as session:
        await Offerings(session).put(snapshot)
        offer = await Offerings(session).find(service_id)
    if offer is None:
        raise NotFound
    return offer
