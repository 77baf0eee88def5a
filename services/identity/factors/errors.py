"""What is refused about factors."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Conflict, Forbidden, Invalid, Unauthenticated


class SecondStepRequired(Forbidden):
    """The first step of a sign-in was right, and a second factor is on: the problem has the ticket for it."""

    code, detail = "mfa_required", "Your second factor is needed as well."

    def __init__(self, ticket: str, methods: Sequence[str], expires_in: int) -> None:
        """`methods`: those that the account has; `expires_in` is the ticket's life in seconds."""
        super().__init__()
        self.mfa: Mapping[str, Any] = {"ticket": ticket, "methods": list(methods), "expires_in": expires_in}

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """With `mfa`."""
        return super().problem(trace_id) | {"mfa": dict(self.mfa)}


class TicketInvalid(Unauthenticated):
    """The same answer for a ticket that never was, has expired, was used, or met too many wrong codes."""

    code, detail = "ticket_invalid", "This sign-in took too long, or is over. Begin again."


class SecondStepWrong(Unauthenticated):
    """The second factor of a sign-in is wrong; the ticket stays good for a few more."""

    code, detail = "invalid_code", "This code is wrong, or was used before."


WRONG_PASSKEY = "This passkey was not accepted. Ask for new options and try again, or use another method."
"""In place of that, where a passkey was given."""


class InvalidCode(Invalid):
    """A code or passkey of somebody who is signed in is wrong."""

    code, detail = "invalid_code", "This code is wrong, or was used before."


class InvalidCredential(Invalid):
    """The browser's answer does not fit what was asked of it."""

    code, detail = "invalid_credential", "This passkey cannot be added. Begin again."
    field = "credential"


class TicketRefused(Invalid):
    """The ticket of somebody who is signed in: another's, used, expired, or for another purpose."""

    code, detail = "ticket_invalid", "This took too long, or is over. Begin again."
    field = "ticket"


class NoFactor(Conflict):
    """There is nothing that could be asked for."""

    code, detail = "no_factor", "Set up an authenticator app or a passkey first."


class NoPasskey(NoFactor):
    """The browser would have nothing to answer with."""

    detail = "Your account has no passkey. Use another method."


class TotpExists(Conflict):
    """An account has one authenticator app."""

    code, detail = "totp_exists", "There is an authenticator app already. Remove it first."


class PasskeyExists(Conflict):
    """One passkey belongs to one account, once."""

    code, detail = "passkey_exists", "This passkey is known already."


class FactorRequiredByRole(Conflict):
    """Staff keep a second factor on here (IDENTITY_STAFF_MFA)."""

    code, detail = "mfa_required_by_role", "Your role needs a second factor. Add another one first."
