"""Bodies about proofs."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import StringConstraints

from services.identity.factors.domain import PASSKEY, PASSWORD, RECOVERY_CODE, TOTP
from services.identity.mfa.schemas import Code
from services.identity.passkeys.schemas import Credential, TicketText
from shared.errors import FieldError, Invalid
from shared.web.http import Body, UtcTime, View

NEEDS: Mapping[str, frozenset[str]] = {
    TOTP: frozenset({"code"}),
    RECOVERY_CODE: frozenset({"code"}),
    PASSKEY: frozenset({"credential", "ticket"}),
    PASSWORD: frozenset({"password"}),
}
"""The fields that belong to each method."""


class SecondStepTicket(Body):
    """The ticket of a sign-in's first step."""

    ticket: TicketText


class SecondStep(Body):
    """The second step of a sign-in: a code, or what the browser made of the options."""

    ticket: TicketText
    method: Literal["totp", "recovery_code", "passkey"]
    code: Code | None = None
    credential: Credential | None = None


class NoFields(Body):
    """An empty object."""


class PasskeySignIn(Body):
    """What the browser made of the options."""

    ticket: TicketText
    credential: Credential


class StepUp(Body):
    """A proof by who is signed in: by code, by passkey (what the browser made of the options), or by password."""

    method: Literal["totp", "passkey", "password"]
    code: Code | None = None
    ticket: TicketText | None = None
    credential: Credential | None = None
    password: Annotated[str, StringConstraints(max_length=128)] | None = None


class SteppedUp(View):
    """A token that counts as proven of late until `fresh_until`; `expires_in` is its life in seconds."""

    access_token: str
    expires_in: int
    fresh_until: UtcTime


def demand_fields(given: SecondStep | StepUp) -> None:
    """Raises Invalid where a field of the method is missing, or one of another method is there."""
    needed = NEEDS[given.method]
    others = {"code", "credential", "password"} - needed
    errors = [
        FieldError(field=name, message=f"The method {given.method} needs this.", code="missing")
        for name in sorted(needed)
        if getattr(given, name) is None
    ]
    errors += [
        FieldError(field=name, message=f"The method {given.method} does not take this.", code="extra_forbidden")
        for name in sorted(others)
        if getattr(given, name, None) is not None
    ]
    if errors:
        raise Invalid(errors=errors)
