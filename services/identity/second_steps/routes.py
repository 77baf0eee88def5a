"""HTTP of proofs by a second factor or a passkey."""

from typing import Annotated

from fastapi import APIRouter, Body, Request

from services.identity.accounts.errors import WrongPassword
from services.identity.factors.errors import InvalidCode, NoPasskey, SecondStepWrong, TicketInvalid
from services.identity.passkeys.schemas import PasskeyOptions
from services.identity.runtime import Rt
from services.identity.second_steps import service
from services.identity.second_steps.schemas import (
    NoFields,
    PasskeySignIn,
    SecondStep,
    SecondStepTicket,
    SteppedUp,
    StepUp,
    demand_fields,
)
from services.identity.sessions.clients import ClientDep
from services.identity.sessions.errors import AccountSuspended, InvalidCredentials
from services.identity.sessions.schemas import TokenPair
from shared.errors import Overloaded, StepUpRequired, TooManyAttempts, Unauthenticated
from shared.web.http import SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth", route_class=UnkeyedRoute, tags=["auth"])


@router.post("/login/mfa/options/", responses=errors_of(TicketInvalid, NoPasskey))
async def ask_for_second_step(body: SecondStepTicket, session: SessionDep, runtime: Rt) -> PasskeyOptions:
    """What the browser needs to answer with a passkey of the account."""
    return await service.ask_for_second_step(session, runtime, body.ticket)


@router.post("/login/mfa/", responses=errors_of(TicketInvalid, SecondStepWrong, AccountSuspended, TooManyAttempts))
async def finish_sign_in(body: SecondStep, runtime: Rt, client: ClientDep) -> TokenPair:
    """Opens the session: the ticket is good for 300 seconds, five wrong proofs, and one right one."""
    demand_fields(body)
    return TokenPair.model_validate(await service.finish_sign_in(runtime, body, client))


@router.post("/passkeys/login/options/")
async def ask_for_passkey(
    session: SessionDep, runtime: Rt, _: Annotated[NoFields | None, Body()] = None
) -> PasskeyOptions:
    """What the browser needs to sign in with a passkey; it finds out itself which it has."""
    return await service.ask_for_sign_in(session, runtime)


@router.post("/passkeys/login/", responses=errors_of(InvalidCredentials, AccountSuspended))
async def sign_in_by_passkey(body: PasskeySignIn, runtime: Rt, client: ClientDep) -> TokenPair:
    """Opens a new session by a passkey, which is both factors."""
    return TokenPair.model_validate(await service.sign_in_by_passkey(runtime, body, client))


@router.post("/step-up/options/", responses=errors_of(Unauthenticated, NoPasskey))
async def ask_for_step_up(
    caller: Signed, session: SessionDep, runtime: Rt, _: Annotated[NoFields | None, Body()] = None
) -> PasskeyOptions:
    """What the browser needs to step up with a passkey of the account."""
    return await service.ask_for_step_up(session, runtime, caller)


@router.post(
    "/step-up/",
    responses=errors_of(Unauthenticated, StepUpRequired, InvalidCode, WrongPassword, TooManyAttempts, Overloaded),
)
async def step_up(body: StepUp, caller: Signed, runtime: Rt, request: Request, client: ClientDep) -> SteppedUp:
    """Proves once more who the caller is; the password is enough only while no second factor is on."""
    demand_fields(body)
    return SteppedUp.model_validate(await service.step_up(runtime, caller, body, client, request.is_disconnected))
