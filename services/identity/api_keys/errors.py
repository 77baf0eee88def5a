"""What is refused about API keys."""

from shared.errors import Invalid


class ScopeNotAllowed(Invalid):
    """A key does at most what its owner does; and what only staff may do no key does."""

    code, detail = "scope_not_allowed", "Your account cannot give a key this scope."


class ExpiryPassed(Invalid):
    """A key that has expired already."""

    code, detail = "expiry_passed", "This moment has passed."
    field = "expires_at"
