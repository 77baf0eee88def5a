"""Which pages of other origins may call: none, until GATEWAY_CORS_ORIGINS names them."""

from urllib.parse import urlsplit

from gateway.asgi import Answer, Headers
from gateway.errors import OriginNotAllowed
from gateway.headers import RequestHeaders

_EXPOSED = (
    b"X-Request-ID, Idempotent-Replayed, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Allow"
)
_PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Idempotency-Key, X-Confirm-Action"),
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
        vary = [] if self._any else [(b"vary", b"Origin")]
        if origin is None or not (self._any or origin in self._origins):
            return [*vary]
        allowed = b"*" if self._any else origin
        return [(b"access-control-allow-origin", allowed), (b"access-control-expose-headers", _EXPOSED), *vary]

    def check_socket(self, asked: RequestHeaders) -> None:
        """A browser asks nobody before it opens a WebSocket: raises OriginNotAllowed for a page of another origin."""
        origin = asked.origin
        if origin is None or self._any or origin in self._origins or origin in self._socket_origins:
            return
        netloc, host = _place_of(origin)
        if not (netloc.encode("latin-1") == asked.said.get(b"host") or (self._local and host in _LOCAL)):
            raise OriginNotAllowed()

    def preflight(self, method: str, asked: RequestHeaders) -> Answer | None:
        """The answer to a browser's preflight, None for any other request; raises OriginNotAllowed."""
        if method != "OPTIONS" or asked.origin is None or b"access-control-request-method" not in asked.said:
            return None
        if not (self._any or asked.origin in self._origins):
            raise OriginNotAllowed()
        return Answer(204, b"", headers=list(_PREFLIGHT))


def _place_of(origin: bytes) -> tuple[str, str | None]:
    """Host with port, and host; empty for what is no origin (`null`)."""
    try:
        page = urlsplit(origin.decode("latin-1"))
        return page.netloc, page.hostname
    except ValueError:
        return "", None
