"""HTTP of passkeys."""

from uuid import UUID

from fastapi import APIRouter

from services.identity.factors.errors import FactorRequiredByRole, InvalidCredential, PasskeyExists, TicketRefused
from services.identity.passkeys import service
from services.identity.passkeys.schemas import NewPasskey, PasskeyChange, PasskeyOptions, PasskeyView
from services.identity.runtime import Rt
from services.identity.sessions.freshness import Fresh
from shared.errors import LimitReached, NotFound, StepUpRequired, Unauthenticated
from shared.web.http import SessionDep, Signed, UnkeyedRoute, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/auth/passkeys", route_class=UnkeyedRoute, tags=["auth"])


@router.post("/options/", responses=errors_of(Unauthenticated, StepUpRequired, LimitReached))
async def ask_for_new_passkey(caller: Fresh, session: SessionDep, runtime: Rt) -> PasskeyOptions:
    """What the browser needs to make a passkey."""
    return await service.ask_for_new(session, runtime, caller)


@router.post(
    "/",
    status_code=201,
    responses=errors_of(Unauthenticated, TicketRefused, InvalidCredential, PasskeyExists, LimitReached),
)
async def add_passkey(body: NewPasskey, caller: Signed, runtime: Rt) -> PasskeyView:
    """Adds what the browser made: from now on the account can be signed in to by it."""
    return PasskeyView.model_validate(await service.add(runtime, caller, body))


@router.get("/", responses=errors_of(Unauthenticated))
async def list_passkeys(caller: Signed, page: Paging, session: SessionDep) -> Listing[PasskeyView]:
    """The account's passkeys, oldest first."""
    return Listing[PasskeyView].of(*await service.list_own(session, caller, page), page)


@router.put("/{passkey_id}/", responses=errors_of(Unauthenticated, StepUpRequired, NotFound))
async def rename_passkey(passkey_id: UUID, body: PasskeyChange, caller: Fresh, session: SessionDep) -> PasskeyView:
    """Gives it another name."""
    return PasskeyView.model_validate(await service.rename(session, caller, passkey_id, body.name))


@router.delete(
    "/{passkey_id}/",
    status_code=204,
    responses=errors_of(Unauthenticated, StepUpRequired, NotFound, FactorRequiredByRole),
)
async def remove_passkey(passkey_id: UUID, caller: Fresh, session: SessionDep, runtime: Rt) -> None:
    """Deletes it; the last factor turns two-step sign-in off."""
    await service.remove(session, runtime, caller, passkey_id)
