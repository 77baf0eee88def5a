"""Use cases of packages and bundles. What is sold keeps what it was sold with, so that nothing here looks at sales."""

from collections.abc import Sequence
from uuid import UUID

from services.catalog.packages.domain import MOST_SESSIONS, PackageKind
from services.catalog.packages.errors import AboveParts, CourseApart, TooExpensive, TooManySessions, UnknownPart
from services.catalog.packages.models import Package
from services.catalog.packages.repository import Packages
from services.catalog.packages.schemas import (
    BundleChange,
    Change,
    Item,
    New,
    NewBundle,
    columns_of,
    items_of,
)
from services.catalog.practitioners.models import Practitioner
from services.catalog.services.domain import ServiceType
from services.catalog.services.errors import BelowMinimumCharge
from services.catalog.services.repository import Services
from services.catalog.services.service import approved_practitioner, own_practitioner
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.catalog import ERASED_TITLE
from shared.records.currencies import minimum_charge
from shared.records.ids import new_id
from shared.records.money import LARGEST, check_amount


async def create(session: Session, kind: PackageKind, caller: Caller, given: New, currency: str) -> Package:
    """Puts a new one on sale; raises NotApproved, UnknownPart, or Invalid on what cannot be sold together."""
    practitioner = await approved_practitioner(session, caller)
    _check_total(given, currency)
    package = Package(id=new_id(), practitioner=practitioner, kind=kind, currency=currency, **columns_of(given))
    package.is_active, package.version = True, 1
    package.created_at = package.updated_at = session.now()
    session.add(package)
    await session.flush()
    return await _contain(session, package, practitioner, given)


async def change(
    session: Session, package_id: UUID, kind: PackageKind, caller: Caller, given: Change, currency: str
) -> Package:
    """Changes what is given of one's own; raises as the creation does, and NotFound."""
    practitioner = await approved_practitioner(session, caller)
    _check_total(given, currency)
    package = await Packages(session).lock_own(package_id, kind, practitioner)
    for name, value in columns_of(given).items():
        setattr(package, name, value)
    _touch(session, package)
    return await _contain(session, package, practitioner, given)


async def withdraw(session: Session, package_id: UUID, kind: PackageKind, caller: Caller) -> None:
    """Takes one's own off sale. A second time changes nothing."""
    practitioner = await own_practitioner(session, caller)
    package = await Packages(session).lock_own(package_id, kind, practitioner)
    if package.is_active:
        package.is_active = False
        _touch(session, package)


async def erase_packages_of(session: Session, practitioner_id: UUID) -> None:
    """Removes what an erased person wrote about theirs."""
    for package in await Packages(session).lock_all_of(practitioner_id):
        package.title, package.description = ERASED_TITLE, ""
        _touch(session, package)


async def _contain(session: Session, package: Package, practitioner: Practitioner, given: New | Change) -> Package:
    """The package with what the body puts in, judged as a whole."""
    if "items" in given.model_fields_set:
        items = items_of(given)
        await _check_items(session, package.kind, practitioner.id, items)
        await session.flush()
        await Packages(session).put_items(package.id, items)
    await session.flush()
    package = await Packages(session).reload(package)
    _check_sum(package)
    return package


async def _check_items(session: Session, kind: PackageKind, practitioner_id: UUID, items: Sequence[Item]) -> None:
    named = {each for service_ids, _, _ in items for each in service_ids}
    types = await Services(session).types_of(practitioner_id, named)
    packages = await Packages(session).own_packages(practitioner_id, {each for _, each, _ in items if each})
    unknown = [
        f"items.{position}.service_ids.{number}"
        for position, (service_ids, _, _) in enumerate(items)
        for number, each in enumerate(service_ids)
        if each not in types
    ]
    unknown += [f"items.{n}.package_id" for n, (_, each, _) in enumerate(items) if each and each not in packages]
    if unknown:
        raise UnknownPart(unknown)
    for position, (service_ids, _, quantity) in enumerate(items):
        has_course = any(types[each] == ServiceType.COURSE for each in service_ids)
        if has_course and (kind == PackageKind.PACKAGE or len(service_ids) > 1 or quantity > 1):
            raise CourseApart(field=f"items.{position}")


def _check_total(given: New | Change, currency: str) -> None:
    if isinstance(given, NewBundle | BundleChange) and given.total_price is not None:
        check_amount(given.total_price, currency, "total_price")


def _check_sum(package: Package) -> None:
    if package.session_count > MOST_SESSIONS:
        raise TooManySessions
    if package.parts_amount > LARGEST:
        raise TooExpensive
    field = "discount_percentage" if package.kind == PackageKind.PACKAGE else "total_price"
    if package.kind == PackageKind.BUNDLE and package.total_price.amount > package.parts_amount:
        raise AboveParts
    if 0 < package.price.amount < minimum_charge(package.currency):
        raise BelowMinimumCharge(field=field)


def _touch(session: Session, package: Package) -> None:
    package.version += 1
    package.updated_at = session.now()
