"""HTTP of social sign-in."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from services.identity.accounts.errors import EmailTaken, ReservedAddress
from services.identity.factors.errors import SecondStepRequired, TicketInvalid
from services.identity.providers.domain import Returned
from services.identity.runtime import Rt
from services.identity.sessions.clients import ClientDep
from services.identity.sessions.errors import AccountSuspended, InvalidCredentials
from services.identity.sessions.freshness import Fresh
from services.identity.sessions.schemas import TokenPair
from services.identity.social import links, resolving, service
from services.identity.social.admission import Admitted
from services.identity.social.errors import (
    ClaimRefused,
    EmailRequired,
    IdentityTaken,
    InvalidGrant,
    LastSignInMethod,
    LinkRequired,
    RedirectNotAllowed,
    StateInvalid,
)
from services.identity.social.schemas import (
    Linked,
    NativeToken,
    ProviderView,
    Resolution,
    SocialCode,
    SocialStart,
    SocialStarted,
)
from shared.errors import NotFound, Overloaded, StepUpRequired, TooManyAttempts, Unauthenticated, Unavailable
from shared.web.http import MaybeSigned, SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth/social", route_class=UnkeyedRoute, tags=["auth"])
LONGEST = 4096
ProviderName = Annotated[str, Path(max_length=30)]
InQuery = Annotated[str, Query(max_length=LONGEST)]
InForm = Annotated[str, Form(max_length=LONGEST)]
WENT_WRONG = errors_of(NotFound, StateInvalid)
FINISHED = errors_of(
    InvalidGrant, InvalidCredentials, AccountSuspended, SecondStepRequired, LinkRequired, EmailRequired, EmailTaken
)
NEW: dict[int | str, dict[str, Any]] = {
    201: {"model": TokenPair, "description": "The same for an account that was made by this"}
}


@router.get("/")
async def list_sign_in_providers(runtime: Rt) -> list[ProviderView]:
    """By which providers people may sign in here."""
    return [ProviderView(name=name, title=title) for name, title in runtime.providers.titles().items()]


@router.post("/token/", responses=FINISHED | NEW)
async def finish_social_sign_in(body: SocialCode, runtime: Rt, client: ClientDep, response: Response) -> TokenPair:
    """A pair for the code that came back; the code is burnt, whatever comes of it."""
    return _pair(await service.finish(runtime, body, client), response)


@router.post(
    "/resolve/",
    responses=errors_of(
        TicketInvalid,
        InvalidCredentials,
        AccountSuspended,
        SecondStepRequired,
        ClaimRefused,
        LinkRequired,
        IdentityTaken,
        EmailTaken,
        ReservedAddress,
        TooManyAttempts,
        Overloaded,
    )
    | NEW,
)
async def resolve_social_sign_in(
    body: Resolution, runtime: Rt, client: ClientDep, request: Request, response: Response
) -> TokenPair:
    """Goes on with a ticket: by the account's password, by claiming its address, or by naming one that was missing."""
    return _pair(await resolving.resolve(runtime, body, client, request.is_disconnected), response)


@router.post("/link/", status_code=201, responses=errors_of(Unauthenticated, InvalidGrant, IdentityTaken))
async def link_provider(body: SocialCode, caller: Signed, runtime: Rt) -> Linked:
    """From now on that account at the provider opens this one."""
    return Linked(provider=await service.link(runtime, caller, body))


@router.post(
    "/{provider}/", responses=errors_of(NotFound, Unauthenticated, StepUpRequired, RedirectNotAllowed, Unavailable)
)
async def start_social_sign_in(
    provider: ProviderName, body: SocialStart, caller: MaybeSigned, runtime: Rt
) -> SocialStarted:
    """Begins a sign-in, or with mode `link` a link, for which one has to have signed in just now."""
    started = await service.start(runtime, provider, body, caller)
    return SocialStarted(authorization_url=started.authorization_url, state=started.state)


@router.delete(
    "/{provider}/", status_code=204, responses=errors_of(Unauthenticated, StepUpRequired, NotFound, LastSignInMethod)
)
async def unlink_provider(provider: ProviderName, caller: Fresh, session: SessionDep) -> None:
    """Takes the provider from the account."""
    await links.unlink(session, caller, provider)


@router.get("/{provider}/callback/", status_code=303, response_class=RedirectResponse, responses=WENT_WRONG)
async def return_from_provider(
    provider: ProviderName,
    runtime: Rt,
    state: InQuery = "",
    code: InQuery = "",
    error: InQuery = "",
    iss: InQuery = "",
) -> RedirectResponse:
    """Where a provider sends the browser back to; it goes on to the app, with `state` and `code`, or `error`."""
    return _onward(await service.come_back(runtime, provider, Returned(state, code, error, iss)))


@router.post("/{provider}/callback/", status_code=303, response_class=RedirectResponse, responses=WENT_WRONG)
async def return_from_provider_posted(
    provider: ProviderName,
    runtime: Rt,
    state: InForm = "",
    code: InForm = "",
    error: InForm = "",
    iss: InForm = "",
    user: InForm = "",
) -> RedirectResponse:
    """The same for providers that post it."""
    return _onward(await service.come_back(runtime, provider, Returned(state, code, error, iss, user)))


@router.post("/{provider}/id-token/", responses=FINISHED | errors_of(NotFound, ReservedAddress) | NEW)
async def finish_native_sign_in(
    provider: ProviderName, body: NativeToken, runtime: Rt, client: ClientDep, response: Response
) -> TokenPair:
    """A pair for the ID token that a provider gave an app on a device; it is used once."""
    return _pair(await service.finish_native(runtime, provider, body, client), response)


def _pair(admitted: Admitted, response: Response) -> TokenPair:
    response.status_code = 201 if admitted.is_new else 200
    return TokenPair.model_validate(admitted.issued)


def _onward(url: str) -> RedirectResponse:
    return RedirectResponse(url, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
