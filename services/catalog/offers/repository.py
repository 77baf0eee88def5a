"""SQL of services and categories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import contains_eager

from services.catalog.models import Category, Offer, Practitioner
from services.catalog.offers.domain import ServiceType, highest_minor, lowest_minor
from services.catalog.practitioners.repository import approved
from services.catalog.search import Listed, Search, fold
from shared.auth.verification import Who
from shared.database.search import alphabetical
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.currencies import minimum_charge
from shared.web.pagination import Page

ORDERINGS: dict[str, ColumnElement[Any] | tuple[ColumnElement[Any], ...]] = {
    "created_at": Offer.created_at.expression,
    "price": Offer.price_amount.expression,
    "title": alphabetical(fold, Offer.title.expression),
}


@dataclass(frozen=True)
class OfferFilter:
    """What a list is narrowed to; prices in major units of `currency`, both bounds inclusive."""

    currency: str
    category: str | None = None
    service_type: ServiceType | None = None
    practitioner_id: UUID | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The WHERE of what is given."""
        given: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
            (self.category, lambda slug: Offer.category == slug),
            (self.service_type, lambda kind: Offer.service_type == kind),
            (self.practitioner_id, lambda owner: Offer.practitioner_id == owner),
            (self.price_min, lambda least: Offer.price_amount >= lowest_minor(least, self.currency)),
            (self.price_max, lambda most: Offer.price_amount <= highest_minor(most, self.currency)),
        ]
        return [condition(value) for value, condition in given if value is not None]


class Offers:
    """Services, each with its practitioner."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def get(self, service_id: UUID) -> Offer:
        """The service in whatever state; raises NotFound."""
        return _found(await self.session.scalar(_with_practitioner().where(Offer.id == service_id)))

    async def get_visible(self, service_id: UUID, who: Who | None) -> Offer:
        """The service if it is offered, or the caller's own, or staff asks; raises NotFound."""
        query = _with_practitioner().where(Offer.id == service_id, visible_to(who))
        return _found(await self.session.scalar(query))

    async def get_own(self, service_id: UUID, practitioner: Practitioner) -> Offer:
        """The practitioner's own, locked for a change; raises NotFound for another's."""
        query = _with_practitioner().where(Offer.id == service_id, Offer.practitioner_id == practitioner.id)
        return _found(await self.session.scalar(query.with_for_update(of=Offer)))

    async def lock_all_of(self, practitioner: Practitioner) -> Sequence[Offer]:
        """All services of one practitioner, locked in the order of their ids."""
        query = _with_practitioner().where(Offer.practitioner_id == practitioner.id).order_by(Offer.id)
        return (await self.session.scalars(query.with_for_update(of=Offer))).all()

    async def list(self, page: Page, *conditions: ColumnElement[bool]) -> tuple[Sequence[Offer], int]:
        """One page and the total; two queries, however long the page."""
        count = select(func.count()).select_from(Offer).join(Offer.practitioner).where(*conditions)
        listed = Listed(_with_practitioner().where(*conditions), count, ORDERINGS, Offer.id.desc())
        return await listed.page(self.session, page, Search("catalog.services", page.search) if page.search else None)


class Categories:
    """The install's categories."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def list(self) -> Sequence[Category]:
        """All of them, in their order."""
        return (await self.session.scalars(select(Category).order_by(Category.position, Category.slug))).all()

    async def has(self, slug: str) -> bool:
        """Whether there is such a category."""
        return bool(await self.session.scalar(select(exists().where(Category.slug == slug))))


def offered() -> ColumnElement[bool]:
    """Services that the public sees: active, of an approved practitioner."""
    return Offer.is_active & approved()


def listed(currency: str) -> ColumnElement[bool]:
    """Services in the public's lists: offered, and not at a price that no card can pay."""
    return offered() & or_(Offer.price_amount == 0, Offer.price_amount >= minimum_charge(currency))


def visible_to(who: Who | None) -> ColumnElement[bool]:
    """Services that the caller may see: staff sees all, an owner their own withdrawn ones too."""
    return _seen_by(who, offered())


def listed_for(who: Who | None, currency: str) -> ColumnElement[bool]:
    """Services in a list for the caller: as `visible_to`, but the public sees only what is `listed`."""
    return _seen_by(who, listed(currency))


def _seen_by(who: Who | None, public: ColumnElement[bool]) -> ColumnElement[bool]:
    if who is None:
        return public
    own = (Practitioner.user_id == who.user_id) & Practitioner.deactivated_at.is_(None)
    return true() if who.is_staff else or_(public, own)


def _with_practitioner() -> Select[Offer]:
    return select(Offer).join(Offer.practitioner).options(contains_eager(Offer.practitioner))


def _found(offer: Offer | None) -> Offer:
    if offer is None:
        raise NotFound("There is no such service.")
    return offer
