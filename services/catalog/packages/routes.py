"""HTTP of packages and bundles."""

from uuid import UUID

from fastapi import APIRouter, Depends

from services.catalog.packages import service
from services.catalog.packages.domain import PackageKind
from services.catalog.packages.errors import AboveParts, CourseApart, TooExpensive, TooManySessions, UnknownPart
from services.catalog.packages.repository import Packages
from services.catalog.packages.schemas import (
    BundleChange,
    BundleView,
    NewBundle,
    NewPackage,
    PackageChange,
    PackageView,
    snapshot_of,
)
from services.catalog.practitioners.errors import NotApproved
from services.catalog.runtime import Rt
from services.catalog.services.errors import BelowMinimumCharge
from services.catalog.services.routes import ServiceWriter
from shared.errors import NotFound
from shared.internal.catalog import PACKAGE, PackageSnapshot
from shared.records.money import AMOUNT_CODES
from shared.web.http import MaybeSigned, Route, ServiceOnly, SessionDep, errors_of, maybe_signed
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["packages"], dependencies=[Depends(maybe_signed)])
internal = APIRouter(route_class=Route, dependencies=[ServiceOnly])
OF_PACKAGES = (NotApproved, UnknownPart, CourseApart, TooManySessions, TooExpensive, BelowMinimumCharge)
OF_BUNDLES = (*OF_PACKAGES, AboveParts, *AMOUNT_CODES)


@router.get("/packages/")
async def list_packages(
    page: Paging, caller: MaybeSigned, session: SessionDep, practitioner_id: UUID | None = None
) -> Listing[PackageView]:
    """Packages on sale, of one practitioner or of all; `ordering` by created_at or title. One's own in any state."""
    rows, total = await Packages(session).list(page, PackageKind.PACKAGE, practitioner_id, caller)
    return Listing[PackageView].of([PackageView.of(row) for row in rows], total, page)


@router.post("/packages/", status_code=201, responses=errors_of(*OF_PACKAGES))
async def create_package(body: NewPackage, caller: ServiceWriter, session: SessionDep, runtime: Rt) -> PackageView:
    """Sells sessions and workshops together at a discount."""
    made = await service.create(session, PackageKind.PACKAGE, caller, body, runtime.settings.currency)
    return PackageView.of(made)


@router.get("/packages/{package_id}/", responses=errors_of(NotFound))
async def get_package(package_id: UUID, caller: MaybeSigned, session: SessionDep) -> PackageView:
    """A package on sale; to its owner also a withdrawn one."""
    return PackageView.of(await Packages(session).get_visible(package_id, PackageKind.PACKAGE, caller))


@router.put("/packages/{package_id}/", responses=errors_of(NotFound, *OF_PACKAGES))
async def change_package(
    package_id: UUID, body: PackageChange, caller: ServiceWriter, session: SessionDep, runtime: Rt
) -> PackageView:
    """Changes what is given of one's own package; what is sold stays as it was sold."""
    changed = await service.change(session, package_id, PackageKind.PACKAGE, caller, body, runtime.settings.currency)
    return PackageView.of(changed)


@router.delete("/packages/{package_id}/", status_code=204, responses=errors_of(NotApproved, NotFound))
async def withdraw_package(package_id: UUID, caller: ServiceWriter, session: SessionDep) -> None:
    """Takes one's own package off sale."""
    await service.withdraw(session, package_id, PackageKind.PACKAGE, caller)


@router.get("/bundles/")
async def list_bundles(
    page: Paging, caller: MaybeSigned, session: SessionDep, practitioner_id: UUID | None = None
) -> Listing[BundleView]:
    """Bundles on sale, of one practitioner or of all; `ordering` by created_at or title. One's own in any state."""
    rows, total = await Packages(session).list(page, PackageKind.BUNDLE, practitioner_id, caller)
    return Listing[BundleView].of([BundleView.of(row) for row in rows], total, page)


@router.post("/bundles/", status_code=201, responses=errors_of(*OF_BUNDLES))
async def create_bundle(body: NewBundle, caller: ServiceWriter, session: SessionDep, runtime: Rt) -> BundleView:
    """Sells sessions, courses and packages together for a price of its own."""
    made = await service.create(session, PackageKind.BUNDLE, caller, body, runtime.settings.currency)
    return BundleView.of(made)


@router.get("/bundles/{bundle_id}/", responses=errors_of(NotFound))
async def get_bundle(bundle_id: UUID, caller: MaybeSigned, session: SessionDep) -> BundleView:
    """A bundle on sale; to its owner also a withdrawn one."""
    return BundleView.of(await Packages(session).get_visible(bundle_id, PackageKind.BUNDLE, caller))


@router.put("/bundles/{bundle_id}/", responses=errors_of(NotFound, *OF_BUNDLES))
async def change_bundle(
    bundle_id: UUID, body: BundleChange, caller: ServiceWriter, session: SessionDep, runtime: Rt
) -> BundleView:
    """Changes what is given of one's own bundle; what is sold stays as it was sold."""
    changed = await service.change(session, bundle_id, PackageKind.BUNDLE, caller, body, runtime.settings.currency)
    return BundleView.of(changed)


@router.delete("/bundles/{bundle_id}/", status_code=204, responses=errors_of(NotApproved, NotFound))
async def withdraw_bundle(bundle_id: UUID, caller: ServiceWriter, session: SessionDep) -> None:
    """Takes one's own bundle off sale."""
    await service.withdraw(session, bundle_id, PackageKind.BUNDLE, caller)


@internal.get(PACKAGE.path, responses=errors_of(NotFound))
async def internal_package(package_id: UUID, session: SessionDep) -> PackageSnapshot:
    """A package or bundle in any state with all that is in it, for another service."""
    return snapshot_of(await Packages(session).get(package_id))
