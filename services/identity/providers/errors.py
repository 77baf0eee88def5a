"""What goes wrong at a provider. These are no answers to clients: a callback turns them into `error`."""

LONGEST = 300


class ProviderFailed(Exception):
    """It did not answer, answered wrongly, or what it answered is for somebody else. The reason is for the log."""

    def __init__(self, reason: str) -> None:
        """`reason` is cut, since it may hold what a provider sent."""
        super().__init__(reason[:LONGEST])


class AccessDenied(Exception):
    """The person did not allow it."""


class NoIdTokens(Exception):
    """The provider has no ID tokens."""
