"""Use cases of social sign-in: begin, come back, finish. Providers are called between transactions."""

import hmac
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from services.identity.accounts.service import get_user
from services.identity.providers.domain import Profile, Returned
from services.identity.providers.errors import AccessDenied, NoIdTokens, ProviderFailed
from services.identity.providers.registry import Provider
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from services.identity.sessions.domain import new_refresh_token
from services.identity.sessions.freshness import demand_fresh
from services.identity.social.admission import Admission, Admitted, Outcome, admit, settled
from services.identity.social.domain import (
    ATTEMPT_LIFE,
    CODE_LIFE,
    AttemptStep,
    Mode,
    challenge_of,
    hash_of,
    is_allowed_redirect,
    secret_of,
    signed_part,
)
from services.identity.social.errors import IdentityTaken, InvalidGrant, RedirectNotAllowed, StateInvalid
from services.identity.social.links import add_identity, identity_of
from services.identity.social.models import ProviderToken, SocialAttempt
from services.identity.social.profiles import cleaned
from services.identity.social.repository import ProviderTokens, SocialAttempts
from services.identity.social.schemas import NativeToken, SocialCode, SocialStart
from shared.auth.verification import Caller
from shared.database.sealing import Sealing
from shared.database.session import Session
from shared.errors import AppError, NotFound, Unauthenticated, Unavailable
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.ids import new_id

log = logger(service="identity")


@dataclass(frozen=True, slots=True)
class Started:
    """Where the browser goes, and what comes back with the code."""

    authorization_url: str
    state: str


async def start(runtime: IdentityRuntime, name: str, given: SocialStart, caller: Caller | None) -> Started:
    """Begins a sign-in, or a link, for which the caller has to have signed in just now.

    Raises NotFound, RedirectNotAllowed, Unauthenticated, StepUpRequired, and Unavailable where the provider is away.
    """
    provider, settings = runtime.providers.get(name), runtime.settings
    user_id = await _linker(runtime, caller) if given.mode is Mode.LINK else None
    if not is_allowed_redirect(given.redirect_uri, settings.allowed_redirects, local_too=settings.stand_ins):
        raise RedirectNotAllowed
    return await begin(runtime, provider, given, user_id)


async def begin(
    runtime: IdentityRuntime, provider: Provider, given: SocialStart, user_id: UUID | None = None
) -> Started:
    """The same for a page of our own, which is sent back to wherever it lies. Raises Unavailable."""
    name, state = provider.config.name, new_refresh_token()
    try:
        url = await provider.authorization_url(state, *_secrets(runtime, state))
    except ProviderFailed as error:
        log.warning("provider.failed", provider=name, reason=str(error))
        raise Unavailable("The provider does not answer. Try again soon.") from error
    attempt = SocialAttempt(id=new_id(), provider=name, mode=given.mode, step=AttemptStep.STARTED, user_id=user_id)
    attempt.redirect_uri, attempt.code_challenge = given.redirect_uri, given.code_challenge
    attempt.hash, attempt.expires_at = hash_of(state), machine_now() + ATTEMPT_LIFE
    async with runtime.db.transaction() as session:
        await SocialAttempts(session).add(attempt)
    return Started(url, state)


async def come_back(runtime: IdentityRuntime, name: str, given: Returned) -> str:
    """Where the browser goes with its code, or with an error; raises NotFound, StateInvalid.

    The state is used up first: of many who come back with it one is heard.
    """
    provider = runtime.providers.get(name)
    async with runtime.db.autocommit() as session:
        attempt = await SocialAttempts(session).take(
            hash_of(given.state), AttemptStep.STARTED, AttemptStep.RETURNED, provider=name
        )
    if attempt is None:
        raise StateInvalid
    answer = await _ask(runtime, provider, given)
    if isinstance(answer, Profile):
        answer = {"code": await _keep(runtime, attempt, answer)}
    return _with_query(attempt.redirect_uri or "", {**answer, "state": given.state})


async def finish(runtime: IdentityRuntime, given: SocialCode, client: Client) -> Admitted:
    """A session for who has the code and its verifier; the code is burnt, whatever comes of it.

    Raises InvalidGrant, LinkRequired, EmailRequired, SecondStepRequired, InvalidCredentials, EmailTaken.
    """
    admission = Admission(await runtime.keyring.signer(runtime.db), client)
    async with runtime.db.transaction() as session:
        attempt = await _spend(session, given, Mode.SIGN_IN)
        outcome: Outcome = InvalidGrant()
        if attempt is not None:
            outcome = await admit(session, runtime, attempt, admission)
    return settled(outcome)


async def finish_native(runtime: IdentityRuntime, name: str, given: NativeToken, client: Client) -> Admitted:
    """The same for an ID token that a provider gave to an app on a device; it is used once. Raises NotFound too."""
    profile = await _read_native(runtime, name, given)
    admission = Admission(await runtime.keyring.signer(runtime.db), client)
    async with runtime.db.transaction() as session:
        attempt = await SocialAttempts(session).add_native(
            id=new_id(),
            provider=name,
            mode=Mode.SIGN_IN,
            step=AttemptStep.DONE,
            hash=hash_of(new_refresh_token()),
            id_token_hash=hash_of(signed_part(given.id_token)),
            expires_at=machine_now(),
            **_said(profile),
        )
        outcome: Outcome = InvalidGrant()
        if attempt is not None:
            outcome = await admit(session, runtime, attempt, admission)
    return settled(outcome)


async def link(runtime: IdentityRuntime, caller: Caller, given: SocialCode) -> str:
    """Links the caller's account to whom the code is for; the provider's name. Again is fine.

    Raises InvalidGrant, IdentityTaken.
    """
    async with runtime.db.transaction() as session:
        attempt = await _spend(session, given, Mode.LINK)
        refusal: AppError | None = InvalidGrant()
        if attempt is not None and attempt.user_id == caller.user_id:
            refusal = await _link(session, caller, attempt)
    if refusal is not None or attempt is None:
        raise refusal or InvalidGrant()
    return attempt.provider


async def _link(session: Session, caller: Caller, attempt: SocialAttempt) -> AppError | None:
    identity = await identity_of(session, attempt)
    user = await get_user(session, caller, lock=True)
    if identity is None:
        await add_identity(session, attempt, user)
        return None
    return None if identity.user_id == user.id else IdentityTaken()


async def _linker(runtime: IdentityRuntime, caller: Caller | None) -> UUID:
    if caller is None:
        raise Unauthenticated
    await demand_fresh(runtime, caller)
    return caller.user_id


def _secrets(runtime: IdentityRuntime, state: str) -> tuple[str, str]:
    """Nonce and PKCE verifier of an attempt."""
    key = runtime.social_key
    return secret_of(key, "nonce", state), secret_of(key, "verifier", state)


async def _ask(runtime: IdentityRuntime, provider: Provider, given: Returned) -> Profile | dict[str, str]:
    """Who it was, or the error that goes back to the app."""
    try:
        return cleaned(await provider.fetch_profile(given, *_secrets(runtime, given.state)))
    except AccessDenied:
        return {"error": "access_denied"}
    except ProviderFailed as error:
        log.warning("provider.failed", provider=provider.config.name, reason=str(error))
        return {"error": "provider_error"}


async def _keep(runtime: IdentityRuntime, attempt: SocialAttempt, profile: Profile) -> str:
    """Stores who it was; the code with which the app goes on."""
    code = new_refresh_token()
    sealing = await runtime.sealing.loaded(runtime.db)
    async with runtime.db.transaction() as session:
        stored = await SocialAttempts(session).get(attempt.id)
        for column, value in _said(profile).items():
            setattr(stored, column, value)
        stored.token_id = await _keep_token(session, sealing, attempt.provider, profile.refresh_token)
        stored.step, stored.hash = AttemptStep.CODE, hash_of(code)
        stored.expires_at = machine_now() + CODE_LIFE
    return code


async def _keep_token(session: Session, sealing: Sealing, provider: str, refresh_token: str | None) -> UUID | None:
    if refresh_token is None:
        return None
    kept = ProviderToken(id=new_id(), provider=provider)
    kept.token = sealing.seal(refresh_token.encode(), ProviderToken.token, kept.id)
    await ProviderTokens(session).add(kept)
    return kept.id


async def _spend(session: Session, given: SocialCode, mode: Mode) -> SocialAttempt | None:
    """The attempt of that code, which is burnt; None for another verifier or mode too."""
    attempt = await SocialAttempts(session).take(hash_of(given.code), AttemptStep.CODE, AttemptStep.DONE)
    if attempt is None or attempt.mode is not mode:
        return None
    same = hmac.compare_digest(challenge_of(given.code_verifier), attempt.code_challenge or "")
    return attempt if same else None


async def _read_native(runtime: IdentityRuntime, name: str, given: NativeToken) -> Profile:
    provider = runtime.providers.get(name)
    try:
        profile = cleaned(await provider.read_id_token(given.id_token, given.nonce))
    except NoIdTokens:
        raise NotFound("This provider has no ID tokens.") from None
    except ProviderFailed as error:
        log.warning("provider.failed", provider=name, reason=str(error))
        raise InvalidGrant from error
    first_name, last_name = given.first_name or profile.first_name, given.last_name or profile.last_name
    return replace(profile, first_name=first_name, last_name=last_name)


def _said(profile: Profile) -> dict[str, object]:
    """What a provider said, as columns of an attempt."""
    names = ("issuer", "subject", "email", "is_email_good", "first_name", "last_name")
    return {name: getattr(profile, name) for name in names}


def _with_query(url: str, given: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(given)}"
