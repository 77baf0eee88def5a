"""Bodies about two-step sign-in."""

from typing import Annotated

from pydantic import StrictBool, StringConstraints

from shared.web.http import Body, Text, View

Code = Annotated[Text, StringConstraints(min_length=1, max_length=40)]


class MfaState(View):
    """Whether a sign-in asks for a second factor, and what the account has: `passkeys` counts them."""

    enabled: bool
    totp: bool
    passkeys: int
    recovery_codes_left: int


class MfaChange(Body):
    """Whether a sign-in is to ask for a second factor."""

    enabled: StrictBool


class MfaChanged(MfaState):
    """The state, with recovery codes where new ones were made: they are shown once."""

    recovery_codes: list[str] | None


class NewTotp(View):
    """What an authenticator app needs; shown once, and void unless a code of it is confirmed within 10 minutes."""

    secret: str
    otpauth_uri: str
    qr_svg: str


class TotpConfirmation(Body):
    """A code that the authenticator app shows."""

    code: Code


class ConfirmedTotp(View):
    """Recovery codes, shown once; null where there are some already."""

    recovery_codes: list[str] | None


class NewRecoveryCodes(View):
    """Shown once; the former ones are void."""

    recovery_codes: list[str]
