"""Rules of acting in a person's place."""

from collections.abc import Iterable

from shared.auth.permissions import OF_STAFF, scopes_of

MINUTES, MOST_MINUTES = 15, 60
NEVER = frozenset({"messages", "payments", "records"})
"""What staff neither see nor do in another's place: conversations, client files and money."""


def lent_scopes(roles: Iterable[str], *, write: bool) -> frozenset[str]:
    """The scopes of a token of staff in the place of an account with these roles: those that read, or all."""
    own = (scope for scope in scopes_of(frozenset(roles)) if not scope.startswith(OF_STAFF))
    nouns = ((scope, *scope.split(".")) for scope in own)
    return frozenset(scope for scope, noun, act in nouns if noun not in NEVER and (write or act == "read"))
