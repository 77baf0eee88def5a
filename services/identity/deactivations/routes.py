"""HTTP of leaving."""

from fastapi import APIRouter

from services.identity.accounts.errors import LastSuperuser
from services.identity.deactivations import service
from services.identity.deactivations.schemas import Leaving
from services.identity.erasures.errors import OpenObligations
from services.identity.runtime import Rt
from services.identity.sessions.freshness import Fresh
from shared.errors import StepUpRequired, Unauthenticated, Unavailable
from shared.web.http import UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth/user", route_class=UnkeyedRoute, tags=["auth"])


@router.post(
    "/deactivate/",
    status_code=204,
    responses=errors_of(Unauthenticated, StepUpRequired, OpenObligations, LastSuperuser, Unavailable),
)
async def deactivate_own_account(caller: Fresh, runtime: Rt, body: Leaving | None = None) -> None:
    """Ends the account for good: nobody signs in to it any more, and nothing of it is sold."""
    await service.leave(runtime, caller, None if body is None else body.reason)
