"""Which service answers which path: all public routes on one screen."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

# Everything below a pattern belongs to it, unless a longer pattern fits; `*` is any one segment.
ROUTES: Mapping[str, str] = {
    "/.well-known/jwks.json": "identity",
    "/.well-known/openid-configuration": "identity",
    "/account": "identity",
    "/oauth": "identity",
    "/api/v1/auth": "identity",
    "/api/v1/consents": "identity",
    "/api/v1/practitioners": "catalog",
    "/api/v1/practitioners/*/availability": "booking",
    "/api/v1/practitioners/*/busy": "booking",
    "/api/v1/practitioners/*/schedule": "booking",
    "/api/v1/practitioners/*/schedules": "booking",
    "/api/v1/practitioners/*/time-off": "booking",
    "/api/v1/services": "catalog",
    "/api/v1/services/*/invites": "booking",
    "/api/v1/services/*/schedule": "booking",
    "/api/v1/services/*/waitlist": "booking",
    "/api/v1/packages": "catalog",
    "/api/v1/bundles": "catalog",
    "/api/v1/bookings": "booking",
    "/api/v1/passes": "booking",
    "/api/v1/schedules": "booking",
    "/api/v1/resources": "booking",
    "/api/v1/sessions": "booking",
    "/api/v1/waitlist": "booking",
    "/api/v1/payments": "payments",
    "/api/v1/credits": "payments",
    "/api/v1/plans": "payments",
    "/api/v1/subscriptions": "payments",
    "/api/v1/practitioner/earnings": "payments",
    "/api/v1/practitioner/payouts": "payments",
    "/api/v1/practitioner/transactions": "payments",
    "/api/v1/webhooks/stripe": "payments",
    "/api/v1/streams": "streams",
    "/api/v1/posts": "streams",
    "/api/v1/conversations": "messaging",
    "/api/v1/notifications": "notifications",
    "/api/v1/admin/users": "identity",
    "/api/v1/admin/roles": "identity",
    "/api/v1/admin/staff": "identity",
    "/api/v1/admin/audit": "identity",
    "/api/v1/admin/oauth-clients": "identity",
    "/api/v1/admin/consents": "identity",
    "/api/v1/admin/privacy": "identity",
    "/api/v1/admin/practitioners": "catalog",
    "/api/v1/admin/bookings": "booking",
    "/api/v1/admin/payouts": "payments",
    "/api/v1/admin/plans": "payments",
    "/api/v1/admin/subscriptions": "payments",
    "/api/v1/admin/conversations": "messaging",
    "/api/v1/sandbox": "sandbox",
    "/sandbox": "sandbox",
    "/sandbox/stripe": "sandbox",
    "/sandbox/oidc": "sandbox",
    "/ws/booking-updates": "notifications",
    "/ws/notifications": "notifications",
    "/ws/chat": "messaging",
}

# Paths with their own pattern only because they differ in a rule below, not in who answers.
AUTH_WITHOUT_TOKEN = (
    *("login", "register", "token/refresh", "password/reset", "email/change/confirm", "email/undo"),
    "passkeys/login",
    *("social/token", "social/resolve", "social/*/callback", "social/*/id-token"),
)
AUTH_BELOW_THESE = ("social", "social/link")
ROUTES = {**ROUTES, **{f"/api/v1/auth/{name}": "identity" for name in (*AUTH_WITHOUT_TOKEN, *AUTH_BELOW_THESE)}}

# A front end that refreshes still sends its expired token along: here the gateway ignores an Authorization header.
TOKEN_IGNORED = frozenset(
    {"/.well-known/jwks.json", "/.well-known/openid-configuration", "/account", "/oauth"}
    | {"/sandbox", "/sandbox/stripe", "/sandbox/oidc"}
    | {f"/api/v1/auth/{name}" for name in AUTH_WITHOUT_TOKEN}
)
# The service learns from where a request to it came.
KNOWS_CLIENT = frozenset(
    pattern for pattern in ROUTES if pattern.startswith(("/account", "/api/v1/auth", "/api/v1/admin", "/oauth"))
)
# What is opened here may be used up by that: a HEAD, by which scanners of mails look at links, stays one.
USED_UP = frozenset({"/oauth", "/api/v1/auth/social/*/callback"})
ANY_MEDIA_TYPE = frozenset({"/api/v1/auth/social/*/callback"})
# Reading needs a sign-in, which is a POST everywhere. What is at a provider's side is no write to this platform.
PROVIDERS = frozenset({"/sandbox/stripe", "/sandbox/oidc"})
ANY_METHOD = frozenset({"POST", "PUT", "PATCH", "DELETE"})
POSTS_WHEN_READ_ONLY = frozenset(
    {"/oauth"}
    | {f"/api/v1/auth/{name}" for name in ("login", "token/refresh", "passkeys/login", "social")}
    | {f"/api/v1/auth/{name}" for name in AUTH_WITHOUT_TOKEN if name.startswith("social/")}
)
UNLIMITED_RATE = frozenset({"/sandbox", "/sandbox/stripe", "/sandbox/oidc"})
WEBHOOKS = "/api/v1/webhooks/"
"""Below it providers say what happened: signed in their own way, as often as they like, in read-only mode too."""


@dataclass(frozen=True, slots=True)
class Route:
    """One public prefix, with what the gateway asks of requests to it."""

    pattern: str
    upstream: str
    is_api: bool
    is_page: bool
    for_sockets: bool
    judges_token: bool
    wants_json: bool
    writes_when_read_only: frozenset[str]
    """The methods."""
    rate_limited: bool
    knows_client: bool
    head_is_get: bool

    @classmethod
    def of(cls, pattern: str, upstream: str) -> "Route":
        """Reads the rules above for that pattern."""
        is_webhook = pattern.startswith(WEBHOOKS)
        return cls(
            pattern=pattern,
            upstream=upstream,
            is_page=not pattern.startswith(("/api/", "/ws/", "/.well-known/")),
            is_api=pattern.startswith("/api/"),
            for_sockets=pattern.startswith("/ws/"),
            judges_token=not is_webhook and pattern not in TOKEN_IGNORED,
            wants_json=pattern.startswith("/api/") and not is_webhook and pattern not in ANY_MEDIA_TYPE,
            writes_when_read_only=_writes_when_read_only(pattern),
            rate_limited=not is_webhook and pattern not in UNLIMITED_RATE,
            knows_client=pattern in KNOWS_CLIENT,
            head_is_get=pattern not in USED_UP,
        )


def _writes_when_read_only(pattern: str) -> frozenset[str]:
    if pattern in PROVIDERS:
        return ANY_METHOD
    is_sign_in = pattern in POSTS_WHEN_READ_ONLY
    return frozenset({"POST"}) if is_sign_in or pattern.startswith(WEBHOOKS) else frozenset()


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    route: Route | None = None


class RouteTable:
    """Finds the longest pattern for a path, one dictionary look-up per segment."""

    def __init__(self, routes: Mapping[str, str], present: Container[str]) -> None:
        self._root = _Node()
        for pattern, upstream in routes.items():
            if upstream in present:
                self._add(Route.of(pattern, upstream))

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.pattern.strip("/").split("/"):
            node = node.children.setdefault(segment, _Node())
        node.route = route

    def find(self, segments: list[str]) -> Route | None:
        """The route of the longest pattern that the segments begin with, or None."""
        node, found = self._root, None
        for segment in segments:
            below = node.children.get(segment) or node.children.get("*")
            if below is None:
                break
            node, found = below, below.route or found
        return found


def segments_of(path: str, raw_path: bytes) -> list[str] | None:
    """The segments of a path, None for a path that could mean something else to who reads it next.

    `path` is percent-decoded, `raw_path` as it was sent; one trailing slash is fine. Refused: empty and dot segments,
    backslashes, control characters, and slashes that came in encoded.
    """
    segments = path.split("/")
    if segments[0] or not path.isprintable() or "\\" in path:
        return None
    if b"%" in raw_path and b"%2f" in raw_path.lower():
        return None
    inner = segments[1:-1] if segments[-1] == "" else segments[1:]
    return None if {"", ".", ".."} & set(inner) else inner
