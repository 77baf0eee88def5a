"""Rules of clients. Times are machine time."""

import re
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from secrets import token_urlsafe
from urllib.parse import urlsplit

from shared.auth.permissions import OF_STAFF, Role, scopes_of


class GrantType(StrEnum):
    """By what a client gets tokens."""

    CODE = "authorization_code"
    REFRESH = "refresh_token"
    CREDENTIALS = "client_credentials"


OPENID, PROFILE, EMAIL, OFFLINE, WHOLE_SESSION = "openid", "profile", "email", "offline_access", "session"
OF_IDENTITY = frozenset({OPENID, PROFILE, EMAIL, OFFLINE})
"""What opens no operation: who the person is, and for how long."""
FORMER_SECRET_LIFE = timedelta(hours=24)
LONGEST_URI, MOST_URIS = 2000, 20
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
"""As RFC 8252 wants them: a domain in reverse, so that two apps do not have the same."""
URI = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")


def new_secret() -> str:
    """256 random bits."""
    return token_urlsafe(32)


def allowed_scopes(*, first_party: bool) -> frozenset[str]:
    """What a client may be given at most: what only staff may do no client does, and a whole session only our own."""
    own = scopes_of(frozenset({Role.USER, Role.PRACTITIONER})) | OF_IDENTITY
    shared = frozenset(scope for scope in own if not scope.startswith(OF_STAFF))
    return shared | {WHOLE_SESSION} if first_party else shared


def is_redirect(uri: str) -> bool:
    """Whether browsers may be sent there: by https, to this machine, or to an app by its private scheme.

    No user, no fragment, no wildcard, and nothing that two readers could take for different addresses.
    """
    if not URI.fullmatch(uri) or len(uri) > LONGEST_URI or "#" in uri:
        return False
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return False
    if not set("@%*").isdisjoint(parts.netloc):
        return False
    if parts.scheme in ("https", "http"):
        return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in LOCAL_HOSTS)
    return PRIVATE_SCHEME.fullmatch(parts.scheme) is not None and bool(parts.path or parts.netloc)


def is_page(uri: str) -> bool:
    """Whether it is an address of the web to which a browser may be sent."""
    return is_redirect(uri) and uri.startswith(("https:", "http:"))


def faults_of(
    *,
    grant_types: Collection[str],
    redirect_uris: Collection[str],
    public: bool,
    has_owner: bool,
) -> list[tuple[str, str, str]]:
    """What does not fit together, each as field, message and code."""
    faults = []
    if GrantType.CODE in grant_types and not redirect_uris:
        faults.append(("redirect_uris", "The grant authorization_code needs one.", "missing"))
    if GrantType.REFRESH in grant_types and GrantType.CODE not in grant_types:
        faults.append(("grant_types", "The grant refresh_token needs authorization_code.", "grants_at_odds"))
    if GrantType.CREDENTIALS in grant_types and public:
        faults.append(("grant_types", "A public client has no credentials.", "grants_at_odds"))
    if GrantType.CREDENTIALS in grant_types and not has_owner:
        faults.append(("owner_id", "The grant client_credentials speaks for an account.", "missing"))
    return faults
