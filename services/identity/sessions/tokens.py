"""Access tokens of sign-in sessions: who the person is, what they proved, and when."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from joserfc.jwk import ECKey

from services.identity.accounts.models import User
from services.identity.factors.domain import acr_of, amr_of
from services.identity.factors.service import needs_factor
from services.identity.keys.domain import ACCESS_TTL
from services.identity.sessions.domain import SessionKind
from services.identity.sessions.models import SignInSession
from services.identity.settings import IdentitySettings
from shared.auth.token_signing import Narrowing, Proof, sign_access_token
from shared.records.clock import machine_now

EXPIRES_IN = int(ACCESS_TTL.total_seconds())
"""Seconds."""


def access_token(
    settings: IdentitySettings,
    user: User,
    opened: SignInSession,
    signer: ECKey,
    scopes: Collection[str] | None = None,
) -> str:
    """A token of that session, good from now on; that of an app is narrowed to what the person allowed it, or to those
    `scopes` of it."""
    proof = Proof(
        opened.authenticated_at if opened.methods else None,
        acr_of(opened.methods),
        amr_of(opened.methods),
        fresh_seconds=settings.step_up_seconds,
        needs_factor=needs_factor(settings, user) and not user.mfa_enabled,
        narrowing=_narrowing(opened, opened.scopes if scopes is None else scopes),
    )
    return token_of(user, opened, signer, proof, machine_now(), ACCESS_TTL)


def token_of(user: User, opened: SignInSession, signer: ECKey, proof: Proof, now: datetime, lifetime: timedelta) -> str:
    """A token of that session with that proof, from `now` (machine time) on for so long.

    Each says which second factors are on: who holds a narrowed one has not used them, whatever its scopes.
    """
    return sign_access_token(
        signer,
        user_id=user.id,
        roles=user.roles,
        practitioner_id=user.practitioner_id,
        session_id=opened.id,
        now=now,
        lifetime=lifetime,
        proof=replace(proof, factors=user.second_factors),
    )


def _narrowing(opened: SignInSession, scopes: Collection[str]) -> Narrowing | None:
    return Narrowing(scopes, client_id=str(opened.client_id)) if opened.kind is SessionKind.APP else None
