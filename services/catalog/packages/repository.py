"""SQL of packages and bundles."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, false, insert, not_, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, selectinload

from services.catalog.packages.domain import PackageKind
from services.catalog.packages.models import ItemService, Package, PackageItem
from services.catalog.practitioners.models import Practitioner
from services.catalog.practitioners.repository import approved
from services.catalog.services.domain import ServiceType
from services.catalog.services.models import Service
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found

LIST = ListOf(Package, {"created_at": Package.created_at, "title": Package.title}, last=Package.id.desc())
CONTENTS = (
    selectinload(Package.items).selectinload(PackageItem.services),
    selectinload(Package.items)
    .selectinload(PackageItem.nested)
    .selectinload(Package.items)
    .options(selectinload(PackageItem.services), selectinload(PackageItem.nested)),
)


class Packages(Repository):
    """Packages and bundles, each with its practitioner and all that is in it."""

    async def get(self, package_id: UUID) -> Package:
        """In whatever state; raises NotFound."""
        return found(await self.session.scalar(_whole().where(Package.id == package_id)), "package")

    async def get_visible(self, package_id: UUID, kind: PackageKind, caller: Caller | None) -> Package:
        """If it is on sale, the caller's own, or the caller sees all; raises NotFound."""
        query = _whole().where(Package.id == package_id, Package.kind == kind, _seen_by(caller))
        return found(await self.session.scalar(query), kind)

    async def lock_own(self, package_id: UUID, kind: PackageKind, practitioner: Practitioner) -> Package:
        """The practitioner's own, locked, without what is in it; raises NotFound for another's."""
        own = (Package.id == package_id, Package.kind == kind, Package.practitioner_id == practitioner.id)
        return found(await self.session.scalar(select(Package).where(*own).with_for_update()), kind)

    async def reload(self, package: Package) -> Package:
        """With what is in it now."""
        query = _whole().where(Package.id == package.id).execution_options(populate_existing=True)
        return found(await self.session.scalar(query), package.kind)

    async def own_packages(self, practitioner_id: UUID, package_ids: Collection[UUID]) -> set[UUID]:
        """Which of those are packages of the practitioner."""
        own = (Package.practitioner_id == practitioner_id, Package.kind == PackageKind.PACKAGE)
        return set(await self.session.scalars(select(Package.id).where(*own, Package.id.in_(package_ids))))

    async def put_items(self, package_id: UUID, items: Sequence[tuple[Sequence[UUID], UUID | None, int]]) -> None:
        """Replaces what is in it: services or a package, and how many."""
        for table in (ItemService, PackageItem):
            await self.session.execute(delete(table).where(table.package_id == package_id))
        rows = [
            {"package_id": package_id, "position": position, "quantity": quantity, "nested_id": nested_id}
            for position, (_, nested_id, quantity) in enumerate(items)
        ]
        await self.session.execute(insert(PackageItem).values(rows))
        services = [
            {"package_id": package_id, "position": position, "number": number, "service_id": service_id}
            for position, (service_ids, _, _) in enumerate(items)
            for number, service_id in enumerate(service_ids)
        ]
        if services:
            await self.session.execute(insert(ItemService).values(services))

    async def list(
        self, page: Page, kind: PackageKind, practitioner_id: UUID | None, caller: Caller | None
    ) -> Found[Package]:
        """What the public sees; of one practitioner to themselves the withdrawn ones too."""
        seen = _on_sale() if practitioner_id is None else _seen_by(caller)
        only = given({Package.kind: kind, Package.practitioner_id: practitioner_id})
        query = _whole().where(seen, *only)
        counted = select(Package).join(Package.practitioner).where(seen, *only)
        rows = (await self.session.scalars(LIST.limited(query, page))).all()
        return rows, await LIST.total(self.session, counted)

    async def lock_all_of(self, practitioner_id: UUID) -> Sequence[Package]:
        """All of one practitioner, locked in the order of their ids."""
        query = select(Package).where(Package.practitioner_id == practitioner_id).order_by(Package.id)
        return (await self.session.scalars(query.with_for_update())).all()


def _whole() -> Select[Package]:
    return select(Package).join(Package.practitioner).options(contains_eager(Package.practitioner), *CONTENTS)


def _seen_by(caller: Caller | None) -> ColumnElement[bool]:
    if caller is None:
        return _on_sale()
    own = (Practitioner.user_id == caller.user_id) & Practitioner.deactivated_at.is_(None)
    return true() if caller.may(Permission.READ_UNLISTED) else or_(_on_sale(), own)


def _on_sale() -> ColumnElement[bool]:
    """As `Package.is_on_sale`."""
    nested = aliased(PackageItem)
    lacking_inside = _lacks(nested, nested.nested_id, courses=false())
    inside = select(nested.position).where(nested.package_id == Package.id, lacking_inside).correlate(Package)
    lacking = _lacks(Package, Package.id, courses=Package.kind == PackageKind.BUNDLE)
    return and_(Package.is_active, approved(), not_(lacking), not_(inside.exists()))


def _lacks(of: Any, package_id: Any, *, courses: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of a package's items has services, none of which is on sale in it."""
    item, named = aliased(PackageItem), aliased(ItemService)
    sold = (
        select(named.service_id)
        .join(Service, Service.id == named.service_id)
        .where(named.package_id == item.package_id, named.position == item.position, Service.is_active)
        .where(or_(Service.service_type != ServiceType.COURSE, courses))
        .correlate(item, Package)
    )
    items = select(item.position).where(item.package_id == package_id, item.nested_id.is_(None), not_(sold.exists()))
    return items.correlate(of, Package).exists()
