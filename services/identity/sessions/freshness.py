"""What opens an account asks for a proof of late."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request

from services.identity.accounts.models import User
from services.identity.accounts.service import get_user
from services.identity.factors.domain import acr_of
from services.identity.factors.service import step_up_methods
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.repository import SignInSessions
from shared.auth.verification import TWO_FACTORS, Caller
from shared.database.session import Session
from shared.errors import StepUpRequired
from shared.records.clock import machine_now
from shared.web.guards import Order, guard, signed


async def demand_fresh(runtime: IdentityRuntime, caller: Caller) -> None:
    """Raises StepUpRequired for a caller who proved who they are longer ago than IDENTITY_STEP_UP_SECONDS; where a
    second factor is on only its use counts."""
    async with runtime.db.read() as session:
        user = await get_user(session, caller)
        if not await _is_fresh(session, runtime, caller, user):
            raise StepUpRequired(await step_up_methods(session, user))


async def _is_fresh(session: Session, runtime: IdentityRuntime, caller: Caller, user: User) -> bool:
    if caller.factors or not user.mfa_enabled:
        return caller.is_fresh
    # The token is older than the second factor: what its session has proven since then counts.
    opened = await SignInSessions(session).find(caller.session_id)
    lately = machine_now() - timedelta(seconds=runtime.settings.step_up_seconds)
    return opened is not None and acr_of(opened.methods) == TWO_FACTORS and opened.authenticated_at >= lately


async def fresh(request: Request) -> Caller:
    """The caller; StepUpRequired before the body is read."""
    caller = await signed(request)
    await demand_fresh(request.app.state.runtime, caller)
    return caller


guard(fresh, Order.PROOF_OF_LATE)
Fresh = Annotated[Caller, Depends(fresh)]
