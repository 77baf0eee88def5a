"""Use cases of services. A change locks the practitioner first, then the service: the order everywhere in catalog."""

from uuid import UUID

from services.catalog.models import Offer, Practitioner
from services.catalog.offers.domain import ERASED_TITLE, OFFERABLE
from services.catalog.offers.errors import BelowMinimumCharge, NotOfferedYet, UnknownCategory
from services.catalog.offers.repository import Categories, Offers
from services.catalog.offers.schemas import NewOffer, OfferChange, columns_of, snapshot_of
from services.catalog.practitioners.errors import NotApproved
from services.catalog.practitioners.repository import Practitioners
from shared.auth.verification import Who
from shared.database.session import Session
from shared.events.catalog import ServiceCreated, ServiceDeactivated, ServiceEvent, ServiceUpdated
from shared.messaging.outbox import emit
from shared.records.currencies import minimum_charge
from shared.records.ids import new_id
from shared.records.money import Money, check_amount


async def create(session: Session, who: Who, given: NewOffer) -> Offer:
    """Offers something new; raises NotApproved, or Invalid on what cannot be sold here."""
    practitioner = await _approved(session, who)
    await _check(session, given)
    offer = Offer(id=new_id(), practitioner=practitioner, is_active=True, version=1, **columns_of(given))
    offer.created_at = offer.updated_at = session.now()
    session.add(offer)
    await session.flush()
    emit(session, ServiceCreated(service=snapshot_of(offer)))
    return offer


async def change(session: Session, who: Who, service_id: UUID, given: OfferChange) -> Offer:
    """Changes the practitioner's own service; what is booked keeps its price."""
    practitioner = await _approved(session, who)
    offer = await Offers(session).get_own(service_id, practitioner)
    await _check(session, given)
    was_active = offer.is_active
    for name, value in columns_of(given).items():
        setattr(offer, name, value)
    _tell(session, offer, ServiceDeactivated if was_active and not offer.is_active else ServiceUpdated)
    return offer


async def withdraw(session: Session, who: Who, service_id: UUID) -> None:
    """Takes the service out of every list; what is booked stays booked. A second time changes nothing."""
    practitioner = await _own(session, who)
    offer = await Offers(session).get_own(service_id, practitioner)
    if offer.is_active:
        offer.is_active = False
        _tell(session, offer, ServiceDeactivated)


async def publish_services_of(session: Session, practitioner: Practitioner) -> None:
    """Tells the others again of each service, because its practitioner's zone or approval shows in it."""
    for offer in await Offers(session).lock_all_of(practitioner):
        _tell(session, offer, ServiceUpdated)


async def erase_all_of(session: Session, practitioner: Practitioner) -> None:
    """Removes what an erased person wrote about their services; what is booked keeps its title."""
    for offer in await Offers(session).lock_all_of(practitioner):
        offer.title, offer.description = ERASED_TITLE, ""


def _tell(session: Session, offer: Offer, kind: type[ServiceEvent]) -> None:
    offer.version += 1
    offer.updated_at = session.now()
    emit(session, kind(service=snapshot_of(offer)))


async def _own(session: Session, who: Who) -> Practitioner:
    practitioner = await Practitioners(session).find_of(who.user_id)
    if practitioner is None:
        raise NotApproved
    return practitioner


async def _approved(session: Session, who: Who) -> Practitioner:
    practitioner = await _own(session, who)
    if not practitioner.is_approved:
        raise NotApproved
    return practitioner


async def _check(session: Session, given: NewOffer | OfferChange) -> None:
    if given.service_type is not None and given.service_type not in OFFERABLE:
        raise NotOfferedYet
    if given.price is not None:
        _check_price(check_amount(given.price, session.info["settings"].currency, "price"))
    if given.category is not None and not await Categories(session).has(given.category):
        raise UnknownCategory


def _check_price(price: Money) -> None:
    if 0 < price.amount < minimum_charge(price.currency):
        raise BelowMinimumCharge
