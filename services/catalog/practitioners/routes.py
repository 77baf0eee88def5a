"""HTTP of practitioners."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.catalog.models import Practitioner
from services.catalog.practitioners import service
from services.catalog.practitioners.domain import VerificationStatus
from services.catalog.practitioners.errors import AccountDeactivated, AlreadyApplied
from services.catalog.practitioners.repository import Practitioners, approved
from services.catalog.practitioners.schemas import (
    Application,
    Applied,
    InternalPractitioner,
    OwnPractitioner,
    PractitionerView,
    ProfileChange,
    ReviewedPractitioner,
    Verification,
)
from shared.errors import ConflictOfInterest, Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import MaybeSigned, Route, ServiceOnly, SessionDep, Signed, Staff, errors_of, maybe_signed
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["practitioners"], dependencies=[Depends(maybe_signed)])
internal = APIRouter(prefix="/internal", route_class=Route, dependencies=[ServiceOnly])


@router.post("/practitioners/apply/", status_code=201, responses=errors_of(AlreadyApplied))
async def apply(body: Application, who: Signed, session: SessionDep) -> Applied:
    """Asks to offer services; staff decides."""
    return Applied.of(await service.apply(session, who, body))


@router.get("/practitioners/")
async def list_practitioners(page: Paging, session: SessionDep) -> Listing[PractitionerView]:
    """The approved practitioners; `ordering` by created_at or display_name."""
    return Listing[PractitionerView].of(*await Practitioners(session).list(page, approved()), page)


@router.get("/practitioners/{practitioner_id}/", responses=errors_of(NotFound))
async def get_practitioner(
    practitioner_id: UUID, who: MaybeSigned, session: SessionDep
) -> OwnPractitioner | PractitionerView:
    """An approved practitioner; their own in any state, with note and onboarding."""
    found = await Practitioners(session).get_visible(practitioner_id, who)
    if who is not None and (who.is_staff or who.user_id == found.user_id):
        return await _own(session, found)
    return PractitionerView.model_validate(found)


@router.put("/practitioners/{practitioner_id}/", responses=errors_of(NotFound))
async def change_profile(
    practitioner_id: UUID, body: ProfileChange, who: Signed, session: SessionDep
) -> OwnPractitioner:
    """Changes one's own profile; where staff had asked for changes, this applies again."""
    return await _own(session, await service.change_profile(session, who, practitioner_id, body))


@router.get("/admin/practitioners/", responses=errors_of(Forbidden))
async def list_for_staff(
    page: Paging,
    who: Staff,
    session: SessionDep,
    verification_status: Annotated[VerificationStatus | None, Query()] = None,
) -> Listing[ReviewedPractitioner]:
    """All practitioners, or those in one state."""
    wanted = [] if verification_status is None else [Practitioner.status == verification_status]
    return Listing[ReviewedPractitioner].of(*await Practitioners(session).list(page, *wanted), page)


@router.post(
    "/admin/practitioners/{practitioner_id}/verification/",
    responses=errors_of(Forbidden, ConflictOfInterest, NotFound, IllegalTransition, AccountDeactivated),
)
async def verify(practitioner_id: UUID, body: Verification, who: Staff, session: SessionDep) -> ReviewedPractitioner:
    """Approves, asks for changes or rejects; the same decision again changes nothing."""
    return ReviewedPractitioner.model_validate(await service.verify(session, who, practitioner_id, body))


@internal.get("/practitioners/{practitioner_id}/", responses=errors_of(NotFound))
async def internal_practitioner(practitioner_id: UUID, session: SessionDep) -> InternalPractitioner:
    """A practitioner in any state, for another service."""
    return InternalPractitioner.model_validate(await Practitioners(session).get(practitioner_id))


@internal.get("/practitioners/by-user/{user_id}/", responses=errors_of(NotFound))
async def internal_practitioner_of(user_id: UUID, session: SessionDep) -> InternalPractitioner:
    """The practitioner that this user is, in any state, for another service."""
    return InternalPractitioner.model_validate(await Practitioners(session).get_of(user_id))


async def _own(session: SessionDep, practitioner: Practitioner) -> OwnPractitioner:
    return OwnPractitioner.of(practitioner, await service.onboarding(session, practitioner))
