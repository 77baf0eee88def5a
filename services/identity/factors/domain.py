"""Rules of second factors. Times are machine time."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from enum import StrEnum

PASSWORD, TOTP, RECOVERY_CODE, PASSKEY = "password", "totp", "recovery_code", "passkey"
"""By what a person proves who they are, as sessions keep it and answers name it."""
SECOND_FACTORS = frozenset({TOTP, RECOVERY_CODE, PASSKEY})
AMR = {PASSWORD: "pwd", TOTP: "otp", RECOVERY_CODE: "otp", PASSKEY: "pop"}
"""How RFC 8176 calls them."""

UNCONFIRMED_LIFE = timedelta(minutes=10)
"""How long an authenticator app may take to be confirmed."""
TICKET_LIFE = timedelta(seconds=300)
WRONG_PER_TICKET = 5
RECOVERY_CODES = 10
MOST_PASSKEYS = 20
STEP_SECONDS = 30


class Purpose(StrEnum):
    """What a ticket is for; it is good for nothing else."""

    SECOND_STEP = "second_step"
    ADD_PASSKEY = "add_passkey"
    PASSKEY_SIGN_IN = "passkey_sign_in"
    STEP_UP = "step_up"


def acr_of(methods: Collection[str]) -> str:
    """How well a person is known after these methods: `aal2` with a second factor or a passkey, which is both."""
    return "aal1" if SECOND_FACTORS.isdisjoint(methods) else "aal2"


def amr_of(methods: Sequence[str]) -> list[str]:
    """The methods as access tokens name them, with `mfa` where there were two."""
    named = [AMR.get(method, method) for method in methods]
    return list(dict.fromkeys([*named, "mfa"] if acr_of(methods) == "aal2" else named))


def written_plainly(code: str) -> str:
    """A code as it was made: people type spaces, hyphens and lower case."""
    return "".join(code.split()).replace("-", "").upper()


def fits_one_time(code: str) -> bool:
    """Whether it could be a code of an authenticator app: six ASCII digits."""
    return len(code) == 6 and code.isascii() and code.isdigit()
