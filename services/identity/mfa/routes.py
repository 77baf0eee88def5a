"""HTTP of two-step sign-in. Answers that show a secret are stored nowhere: the routes keep no idempotency keys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.identity.accounts.errors import LastSuperuser
from services.identity.directory.schemas import AccountView, Reasoned
from services.identity.factors.errors import FactorRequiredByRole, InvalidCode, NoFactor, TotpExists
from services.identity.mfa import resets, service
from services.identity.mfa.schemas import (
    ConfirmedTotp,
    MfaChange,
    MfaChanged,
    MfaState,
    NewRecoveryCodes,
    NewTotp,
    TotpConfirmation,
)
from services.identity.runtime import Rt
from services.identity.sessions.freshness import Fresh
from services.identity.superusers.errors import OwnAccount
from shared.auth.permissions import Permission, StaffRequired, SuperuserRequired
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, NotFound, StepUpRequired, TooManyAttempts, Unauthenticated
from shared.records.state import IllegalTransition
from shared.web.http import Route, SessionDep, Signed, UnkeyedRoute, confirmed, errors_of, needs

router = APIRouter(prefix="/api/v1/auth/mfa", route_class=UnkeyedRoute, tags=["auth"])
admin = APIRouter(prefix="/api/v1/admin/users", route_class=Route, tags=["accounts"])


@router.get("/", responses=errors_of(Unauthenticated))
async def get_mfa(caller: Signed, session: SessionDep) -> MfaState:
    """Whether a sign-in asks for a second factor, and what the account has."""
    return await service.show(session, caller)


@router.put("/", responses=errors_of(Unauthenticated, StepUpRequired, NoFactor, FactorRequiredByRole))
async def switch_mfa(body: MfaChange, caller: Fresh, session: SessionDep, runtime: Rt) -> MfaChanged:
    """Turns two-step sign-in on or off."""
    state, codes = await service.switch(session, runtime, caller, on=body.enabled)
    return MfaChanged(**dict(state), recovery_codes=codes)


@router.post("/totp/", status_code=201, responses=errors_of(Unauthenticated, StepUpRequired, TotpExists))
async def begin_totp(caller: Fresh, runtime: Rt) -> NewTotp:
    """A secret for an authenticator app, void unless it is confirmed within 10 minutes."""
    return NewTotp.model_validate(await service.begin_totp(runtime, caller))


@router.post("/totp/confirm/", responses=errors_of(Unauthenticated, InvalidCode, TotpExists, NoFactor, TooManyAttempts))
async def confirm_totp(body: TotpConfirmation, caller: Signed, runtime: Rt) -> ConfirmedTotp:
    """Turns two-step sign-in on by a code of the app, which is used up by that."""
    return ConfirmedTotp(recovery_codes=await service.confirm_totp(runtime, caller, body.code))


@router.delete(
    "/totp/", status_code=204, responses=errors_of(Unauthenticated, StepUpRequired, NotFound, FactorRequiredByRole)
)
async def remove_totp(caller: Fresh, session: SessionDep, runtime: Rt) -> None:
    """Deletes the authenticator app; the last factor turns two-step sign-in off."""
    await service.remove_totp(session, runtime, caller)


@router.post("/recovery-codes/", responses=errors_of(Unauthenticated, StepUpRequired, NoFactor))
async def make_recovery_codes(caller: Fresh, session: SessionDep) -> NewRecoveryCodes:
    """Ten new codes, each of which works once; the former ones are void."""
    return NewRecoveryCodes(recovery_codes=await service.replace_codes(session, caller))


@admin.post(
    "/{user_id}/mfa/reset/",
    dependencies=[confirmed(Permission.RESET_FACTORS)],
    responses=errors_of(
        StaffRequired, SuperuserRequired, ConfirmationRequired, NotFound, OwnAccount, LastSuperuser, IllegalTransition
    ),
)
async def reset_mfa(
    user_id: UUID, body: Reasoned, caller: Annotated[Caller, needs(Permission.RESET_FACTORS)], runtime: Rt
) -> AccountView:
    """Takes the second factors of somebody who lost them, and ends their sessions; they are told by mail."""
    return AccountView.model_validate(await resets.reset(runtime, caller, user_id, body.reason))
