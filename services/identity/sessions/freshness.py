"""What opens an account asks for a proof of late."""

from typing import Annotated

from fastapi import Depends

from services.identity.runtime import Rt
from services.identity.sessions.domain import PASSWORD
from services.identity.settings import IdentitySettings
from shared.auth.verification import Caller
from shared.errors import StepUpRequired
from shared.web.http import Signed


def demand_fresh(caller: Caller, settings: IdentitySettings) -> None:
    """Raises StepUpRequired for a caller who proved who they are longer ago than IDENTITY_STEP_UP_SECONDS."""
    if not caller.is_fresh(settings.step_up_seconds):
        raise StepUpRequired([PASSWORD])


async def fresh(caller: Signed, runtime: Rt) -> Caller:
    """The caller; StepUpRequired before the body is read."""
    demand_fresh(caller, runtime.settings)
    return caller


Fresh = Annotated[Caller, Depends(fresh)]
