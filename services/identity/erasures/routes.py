"""HTTP of erasures: one's own, and for staff all of them with their proof."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.identity.accounts.errors import LastSuperuser
from services.identity.erasures import service
from services.identity.erasures.domain import ErasureStatus
from services.identity.erasures.errors import ErasureBegun
from services.identity.erasures.repository import Answers, Erasures
from services.identity.erasures.schemas import ErasurePreview, ErasureProof, ErasureView, ErasureWish, RetentionView
from services.identity.people.service import as_rows, retention
from services.identity.runtime import Rt
from services.identity.sessions.freshness import Fresh
from shared.auth.permissions import Permission, StaffRequired
from shared.auth.verification import Caller
from shared.errors import NotFound, StepUpRequired, Unauthenticated, Unavailable
from shared.web.http import Route, SessionDep, Signed, UnkeyedRoute, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/auth/user/erasure", route_class=UnkeyedRoute, tags=["privacy"])
admin = APIRouter(prefix="/api/v1/admin/privacy", route_class=Route, tags=["privacy"])
Reading = Annotated[Caller, needs(Permission.READ_ERASURES)]


@router.get("/preview/", responses=errors_of(Unauthenticated, Unavailable))
async def preview_erasure(caller: Signed, runtime: Rt) -> ErasurePreview:
    """When an erasure would begin, and what has to be settled until then."""
    found = as_rows(await service.preview(runtime, caller.user_id))
    return ErasurePreview.model_validate({"erases_at": service.erases_at(runtime), "obligations": found})


@router.post("/", status_code=202, responses=errors_of(Unauthenticated, StepUpRequired, LastSuperuser, Unavailable))
async def request_erasure(caller: Fresh, runtime: Rt, body: ErasureWish | None = None) -> ErasureView:
    """Asks for the account and all that is the person's to be erased; until it begins it can be cancelled."""
    wish = body or ErasureWish()
    return ErasureView.model_validate(await service.request(runtime, caller, forfeit_credits=wish.forfeit_credits))


@router.get("/", responses=errors_of(Unauthenticated, NotFound))
async def get_erasure(caller: Signed, session: SessionDep) -> ErasureView:
    """The erasure that was asked for last, and what it waits for."""
    return ErasureView.model_validate(await service.newest_of(session, caller))


@router.post("/cancel/", responses=errors_of(Unauthenticated, NotFound, ErasureBegun))
async def cancel_erasure(caller: Signed, session: SessionDep) -> ErasureView:
    """The account stays."""
    return ErasureView.model_validate(await service.cancel(session, caller))


@admin.get("/erasures/", responses=errors_of(StaffRequired))
async def list_erasures(
    _: Reading, page: Paging, session: SessionDep, runtime: Rt, status: ErasureStatus | None = None
) -> Listing[ErasureProof]:
    """All erasures, newest first, each with what the services answered."""
    found, total = await Erasures(session).page(page, status)
    names = runtime.settings.service_names
    proofs = [ErasureProof.of(one, await Answers(session).of(one.id), names) for one in found]
    return Listing[ErasureProof].of(proofs, total, page)


@admin.get("/erasures/{erasure_id}/", responses=errors_of(StaffRequired, NotFound))
async def get_erasure_proof(erasure_id: UUID, _: Reading, session: SessionDep, runtime: Rt) -> ErasureProof:
    """One erasure, and the proof of it: rows erased by table, and what stays, service by service."""
    erasure = await Erasures(session).get(erasure_id)
    return ErasureProof.of(erasure, await Answers(session).of(erasure.id), runtime.settings.service_names)


@admin.get("/retention/", responses=errors_of(StaffRequired, Unavailable))
async def list_retention(_: Reading, runtime: Rt) -> Listing[RetentionView]:
    """How long every service keeps what, and when what is too old was last deleted; all in one page."""
    found = [RetentionView.showing(kept, service=name) for name, kept in await retention(runtime)]
    return Listing(results=found, total=len(found), limit=max(len(found), 1), offset=0, has_more=False)
