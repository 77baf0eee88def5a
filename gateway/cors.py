"""Which pages of other origins may call: none, until GATEWAY_CORS_ORIGINS names them."""

from urllib.parse import urlsplit

from gateway.asgi import Answer, Headers
from gateway.errors import OriginNotAllowed
from gateway.headers import RequestHeaders

_EXPOSED = (
    b"X-Request-ID, Idempotent-Replayed, Audit-Id, Retry-After, "
    b"RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Allow, ETag, Content-Disposition"
)
_PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Confirm-Action"),
    (b"access-control-max-age", b"600"),
]


_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Cors:
    """Tokens travel in a header, never in a cookie, so credentials are never allowed."""

    def __init__(self, origins: frozenset[str], socket_origins: frozenset[str] = frozenset(), *, local: bool) -> None:
        """`socket_origins` may open WebSockets too; `local`: so may pages of this machine, on any port."""
        self._any = "*" in origins
        self._local = local
        self._socket_origins = frozenset(origin.encode("latin-1") for origin in socket_origins)
        self._origins = frozenset(origin.encode("latin-1") for origin in origins)

    def headers_for(self, origin: bytes | None) -> Headers:
        """What to add to an answer to that origin: nothing for one that is not allowed."""
        if not self._origins:
            return []
        if origin is None or not (self._any or origin in self._origins):
            return []
        allowed = b"*" if self._any else origin
        return [(b"access-control-allow-origin", allowed), (b"access-control-expose-headers", _EXPOSED)]

    def check_socket(self, headers: RequestHeaders) -> None:
        """Raises OriginNotAllowed for a page of another origin: before a WebSocket a browser sends no preflight."""
        origin = headers.origin
        if origin is None or self._any or origin in self._origins or origin in self._socket_origins:
            return
        netloc, host = _address_of(origin)
        is_own = bool(netloc) and netloc.encode("latin-1") == headers.values.get(b"host")
        if not (is_own or (self._local and host in _LOCAL)):
            raise OriginNotAllowed()

    def preflight(self, method: str, headers: RequestHeaders) -> Answer | None:
        """The answer to a browser's preflight, None for any other request; raises OriginNotAllowed."""
        if method != "OPTIONS" or headers.origin is None or b"access-control-request-method" not in headers.values:
            return None
        if not (self._any or headers.origin in self._origins):
            raise OriginNotAllowed()
        return Answer(204, b"", headers=list(_PREFLIGHT))


def _address_of(origin: bytes) -> tuple[str, str | None]:
    """Host with port, and host; empty for what is no origin (`null`)."""
    try:
        page = urlsplit(origin.decode("latin-1"))
        return page.netloc, page.hostname
    except ValueError:
        return "", None
