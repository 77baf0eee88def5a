"""HTTP of practitioners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.catalog.practitioners import service
from services.catalog.practitioners.domain import VerificationStatus
from services.catalog.practitioners.errors import AccountDeactivated, AlreadyApplied
from services.catalog.practitioners.models import Practitioner
from services.catalog.practitioners.repository import Practitioners
from services.catalog.practitioners.schemas import (
    Application,
    Applied,
    Onboarding,
    OwnPractitioner,
    PractitionerView,
    ProfileChange,
    ReviewedPractitioner,
    Verification,
    internal_practitioner,
)
from services.catalog.runtime import CatalogRuntime, Rt
from shared.auth.permissions import Permission, StaffRequired
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import ConflictOfInterest, NotFound
from shared.internal.catalog import PRACTITIONER, PRACTITIONER_OF_USER, InternalPractitioner
from shared.records.state import IllegalTransition
from shared.web.http import MaybeSigned, Route, ServiceOnly, SessionDep, Signed, errors_of, maybe_signed, needs
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["practitioners"], dependencies=[Depends(maybe_signed)])
internal = APIRouter(route_class=Route, dependencies=[ServiceOnly])


@router.post("/practitioners/apply/", status_code=201, responses=errors_of(AlreadyApplied))
async def apply_as_practitioner(body: Application, caller: Signed, session: SessionDep) -> Applied:
    """Applies to sell services; staff decide."""
    return Applied.of(await service.apply(session, caller, body))


@router.get("/practitioners/")
async def list_practitioners(page: Paging, session: SessionDep) -> Listing[PractitionerView]:
    """The approved practitioners; `ordering` by created_at or display_name."""
    return Listing[PractitionerView].of(*await Practitioners(session).list(page), page)


@router.get("/practitioners/{practitioner_id}/", responses=errors_of(NotFound))
async def get_practitioner(
    practitioner_id: UUID, caller: MaybeSigned, session: SessionDep, runtime: Rt
) -> OwnPractitioner | PractitionerView:
    """An approved practitioner; their own in any state, with note and onboarding."""
    found = await Practitioners(session).get_visible(practitioner_id, caller)
    if caller is not None and (found.user_id == caller.user_id or caller.may(Permission.READ_UNLISTED)):
        return await _own(session, runtime, found)
    return PractitionerView.model_validate(found)


@router.put("/practitioners/{practitioner_id}/", responses=errors_of(NotFound))
async def change_practitioner(
    practitioner_id: UUID, body: ProfileChange, caller: Signed, session: SessionDep, runtime: Rt
) -> OwnPractitioner:
    """Changes one's own profile; where staff had asked for changes, this applies again."""
    changed = await service.change_profile(session, practitioner_id, caller, body, runtime.services)
    return await _own(session, runtime, changed)


@router.get("/admin/practitioners/", responses=errors_of(StaffRequired))
async def list_practitioners_for_staff(
    page: Paging,
    _: Annotated[Caller, needs(Permission.READ_APPLICATIONS)],
    session: SessionDep,
    verification_status: Annotated[VerificationStatus | None, Query()] = None,
) -> Listing[ReviewedPractitioner]:
    """All practitioners, or those in one state."""
    found = await Practitioners(session).list_all(page, verification_status)
    return Listing[ReviewedPractitioner].of(*found, page)


@router.post(
    "/admin/practitioners/{practitioner_id}/verification/",
    responses=errors_of(StaffRequired, ConflictOfInterest, NotFound, IllegalTransition, AccountDeactivated),
)
async def verify_practitioner(
    practitioner_id: UUID,
    body: Verification,
    caller: Annotated[Caller, needs(Permission.DECIDE_APPLICATIONS)],
    session: SessionDep,
    runtime: Rt,
) -> ReviewedPractitioner:
    """Approves, asks for changes or rejects; the same decision again changes nothing."""
    decided = await service.verify(session, practitioner_id, caller, body, runtime.services)
    return ReviewedPractitioner.model_validate(decided)


@internal.get(PRACTITIONER.path, responses=errors_of(NotFound))
async def practitioner_for_services(practitioner_id: UUID, session: SessionDep) -> InternalPractitioner:
    """A practitioner in any state, for another service."""
    return internal_practitioner(await Practitioners(session).get(practitioner_id))


@internal.get(PRACTITIONER_OF_USER.path, responses=errors_of(NotFound))
async def practitioner_of_user(user_id: UUID, session: SessionDep) -> InternalPractitioner:
    """The practitioner that this user is, in any state, for another service."""
    return internal_practitioner(await Practitioners(session).get_of(user_id))


async def _own(session: Session, runtime: CatalogRuntime, practitioner: Practitioner) -> OwnPractitioner:
    has_service = await runtime.services.has_services(session, practitioner.id)
    return OwnPractitioner.of(practitioner, Onboarding.of(practitioner, has_service=has_service))
