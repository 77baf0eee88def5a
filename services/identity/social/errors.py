"""What is refused at social sign-in."""

from typing import Any

from shared.errors import Conflict, Invalid, Unauthenticated


class RedirectNotAllowed(Invalid):
    """An app may be sent back only to where the operator said."""

    code, detail = "redirect_not_allowed", "This address is not among IDENTITY_REDIRECT_URIS."

    def __init__(self) -> None:
        super().__init__(field="redirect_uri")


class StateInvalid(Invalid):
    """Never issued here for this provider, expired, or used before."""

    code, detail = "state_invalid", "This sign-in took too long, or is over. Begin again."

    def __init__(self) -> None:
        super().__init__(field="state")


class InvalidGrant(Unauthenticated):
    """The same answer for a code that is unknown, expired, used, of another verifier, person or purpose; it is burnt.

    Also for an ID token that is not for us, or was used before.
    """

    code, detail = "invalid_grant", "This code is not valid, or was used before. Begin again."


class WithTicket(Conflict):
    """The sign-in goes on at `resolve`, with the problem's ticket."""

    def __init__(self, ticket: str) -> None:
        """`ticket` is good for ten minutes."""
        super().__init__()
        self.ticket = ticket

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """With `ticket`."""
        return super().problem(trace_id) | {"ticket": self.ticket}


class LinkRequired(WithTicket):
    """There is an account with this address, and not both sides have proven it."""

    code, detail = "link_required", "There is an account with this address. Sign in to it once to link it."


class EmailRequired(WithTicket):
    """The provider has no address of this person."""

    code, detail = "email_required", "Your provider names no e-mail address. Give one."


class ClaimRefused(Conflict):
    """The account's owner has proven the address, or the provider's word on it does not count."""

    code, detail = "claim_refused", "This address cannot be taken over. Sign in to the account that has it."


class IdentityTaken(Conflict):
    """The account at the provider is linked to another account here."""

    code, detail = "identity_taken", "This sign-in belongs to another account."


class LastSignInMethod(Conflict):
    """Without it nobody could sign in to the account any more."""

    code, detail = "last_sign_in_method", "Set a password or link another provider first."
