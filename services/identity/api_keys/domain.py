"""Rules of API keys. Times are machine time."""

from collections.abc import Iterable
from datetime import timedelta
from secrets import token_urlsafe

from shared.auth.permissions import OF_STAFF, scopes_of

PREFIX = "est_"
MOST_KEYS = 20
TOKEN_LIFE = timedelta(minutes=5)
"""How long a token that a key was exchanged for is good; the gateway keeps it as long."""
USED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a key was last used."""


def new_key() -> str:
    """256 random bits behind a prefix that scanners of code know."""
    return PREFIX + token_urlsafe(32)


def grantable(roles: Iterable[str]) -> frozenset[str]:
    """The scopes that an account with these roles may give a key: its own, but for those of staff."""
    return frozenset(scope for scope in scopes_of(frozenset(roles)) if not scope.startswith(OF_STAFF))
