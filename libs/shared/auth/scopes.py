"""Which scope an operation has: one rule, by the service that answers it, its path and its method."""

from collections.abc import Mapping

from shared.auth.permissions import OF_STAFF

NOUNS: Mapping[str, str] = {
    "identity": "account",
    "catalog": "catalog",
    "booking": "bookings",
    "payments": "payments",
    "streams": "streams",
    "messaging": "messages",
    "notifications": "notifications",
    "library": "library",
    "analytics": "figures",
}
"""What each service's scopes are about. Operations of others have no scope, and narrowed tokens never reach them."""
BASE, STAFF_BASE, AUTH_BASE = "/api/v1/", "/api/v1/admin/", "/api/v1/auth/"
READ = "GET"
PAYS = "payments.write"
"""The scope without which a narrowed token neither charges a saved card nor learns what a browser pays with."""


def scope_of(service: str, path: str, method: str) -> str | None:
    """`<noun>.read` for GET, else `<noun>.write`; under `/admin/` with `admin.` before it."""
    noun = NOUNS.get(service)
    if noun is None:
        return None
    act = "read" if method == READ else "write"
    return f"{OF_STAFF if path.startswith(STAFF_BASE) else ''}{noun}.{act}"


def needs_whole_session(path: str, method: str) -> bool:
    """Whether no narrowed token reaches it, whatever its scopes: staff's operations, and writes of sign-in."""
    return path.startswith(STAFF_BASE) or (path.startswith(AUTH_BASE) and method != READ)
