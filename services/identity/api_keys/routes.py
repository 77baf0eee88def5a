"""HTTP of API keys: an owner's own, and the exchange for the gateway. The key is shown once, and stored nowhere."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.identity.api_keys import service
from services.identity.api_keys.errors import ExpiryPassed, ScopeNotAllowed
from services.identity.api_keys.schemas import ApiKeyView, CreatedApiKey, NewApiKey
from services.identity.runtime import Rt
from services.identity.sessions.freshness import fresh
from shared.auth.permissions import Permission, PractitionerOrPartnerRequired
from shared.auth.verification import Caller
from shared.errors import LimitReached, NotFound, StepUpRequired
from shared.internal.identity import EXCHANGE_API_KEY, ApiKeyToken, GivenApiKey
from shared.web.http import SessionDep, UnkeyedRoute, called_by, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/auth/api-keys", route_class=UnkeyedRoute, tags=["auth"])
internal = APIRouter(route_class=UnkeyedRoute, dependencies=[called_by("gateway")])
Owner = Annotated[Caller, needs(Permission.HOLD_API_KEYS)]


@router.get("/", responses=errors_of(PractitionerOrPartnerRequired))
async def list_api_keys(caller: Owner, page: Paging, session: SessionDep) -> Listing[ApiKeyView]:
    """One's own keys that can be used, newest first."""
    return Listing[ApiKeyView].of(*await service.list_own(session, caller, page), page)


@router.post(
    "/",
    status_code=201,
    dependencies=[Depends(fresh)],
    responses=errors_of(PractitionerOrPartnerRequired, StepUpRequired, ScopeNotAllowed, ExpiryPassed, LimitReached),
)
async def create_api_key(body: NewApiKey, caller: Owner, session: SessionDep) -> CreatedApiKey:
    """A new key, which is sent as `Authorization: Bearer est_...`, to the gateway alone."""
    made, key = await service.create(session, caller, body)
    return CreatedApiKey(**ApiKeyView.model_validate(made).model_dump(), key=key)


@router.delete(
    "/{key_id}/",
    status_code=204,
    dependencies=[Depends(fresh)],
    responses=errors_of(PractitionerOrPartnerRequired, StepUpRequired, NotFound),
)
async def end_api_key(key_id: UUID, caller: Owner, runtime: Rt) -> None:
    """Ends it; within two seconds it opens nothing."""
    await service.end_one(runtime, caller, key_id)


@internal.post(EXCHANGE_API_KEY.path, responses=errors_of(NotFound))
async def exchange(body: GivenApiKey, runtime: Rt) -> ApiKeyToken:
    """A token for five minutes, for the gateway; 404 for a key that opens nothing."""
    return await service.exchange(runtime, body.key)
