"""Header hygiene: what a client says about itself never reaches a service, and hops stay hops."""

from dataclasses import dataclass

from starlette.types import Scope

from gateway.asgi import Headers

HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te"}
    | {b"trailer", b"upgrade"}
)
# Only the gateway says these.
SPOKEN_BY_THE_EDGE = frozenset(
    {b"forwarded", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip", b"x-cluster-client-ip"}
    | {b"x-request-id", b"traceparent", b"tracestate", b"baggage"}
    | {b"x-original-url", b"x-rewrite-url", b"x-http-method", b"x-http-method-override", b"x-method-override"}
)
_NOT_PASSED_IN = HOP_BY_HOP | SPOKEN_BY_THE_EDGE
_NOT_PASSED_OUT = HOP_BY_HOP | {b"transfer-encoding", b"x-request-id", b"server", b"traceparent"}
_PRIVATE_PREFIXES = (b"x-forwarded-", b"x-estuary-")

_NOSNIFF = (b"x-content-type-options", b"nosniff")
_REFERRER = (b"referrer-policy", b"no-referrer")
_API_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_PAGE_POLICY = (
    b"content-security-policy",
    b"default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    b" object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
)
_NO_STORE = (b"cache-control", b"no-store")
API_HEADERS = (_NOSNIFF, _REFERRER, (b"x-frame-options", b"DENY"), _API_POLICY, _NO_STORE)
PAGE_HEADERS = (_NOSNIFF, _REFERRER, (b"x-frame-options", b"SAMEORIGIN"), _PAGE_POLICY)


@dataclass(slots=True)
class Asked:
    """What the edge itself reads from the request's headers, in one pass."""

    passed_on: Headers
    authorization: bytes | None = None
    authorizations: int = 0
    origin: bytes | None = None
    preflight_method: bytes | None = None
    content_type: bytes = b""
    content_length: bytes | None = None
    chunked: bool = False
    forwarded_for: bytes = b""
    forwarded_proto: bytes = b""
    host: bytes = b""

    @property
    def has_body(self) -> bool:
        """Whether the client announces a body."""
        return self.chunked or self.content_length not in (None, b"0")


def read(headers: Headers) -> Asked:
    """Takes the request's headers apart; `passed_on` is what a service may see."""
    asked = Asked(passed_on=[])
    named: set[bytes] = set()
    for name, value in headers:
        _note(asked, name, value)
        if name == b"connection":
            named.update(part.strip().lower() for part in value.split(b","))
        if name not in _NOT_PASSED_IN and not name.startswith(_PRIVATE_PREFIXES):
            asked.passed_on.append((name, value))
    # A client may not have us drop what the services rely on by naming it a hop's business.
    if dropped := named - {b"close", b"authorization", b"content-type", b"content-length", b"transfer-encoding"}:
        asked.passed_on = [item for item in asked.passed_on if item[0] not in dropped]
    return asked


def _note(asked: Asked, name: bytes, value: bytes) -> None:
    match name:
        case b"authorization":
            asked.authorization, asked.authorizations = value, asked.authorizations + 1
        case b"origin":
            asked.origin = value
        case b"access-control-request-method":
            asked.preflight_method = value
        case b"content-type":
            asked.content_type = value
        case b"content-length":
            asked.content_length = value
        case b"transfer-encoding":
            asked.chunked = True
        case b"x-forwarded-for":
            asked.forwarded_for = asked.forwarded_for + b"," + value if asked.forwarded_for else value
        case b"x-forwarded-proto":
            asked.forwarded_proto = value
        case b"host":
            asked.host = value


def client_of(scope: Scope, asked: Asked, trusted_hops: int) -> tuple[str, str]:
    """The client's address and scheme; X-Forwarded-* counts only as far as `trusted_hops` proxies of ours wrote it."""
    peer = scope.get("client")
    address, scheme = (peer[0] if peer else "unknown"), str(scope["scheme"])
    hops = [hop.strip() for hop in asked.forwarded_for.split(b",")] if trusted_hops else []
    if len(hops) >= trusted_hops > 0:
        address = hops[-trusted_hops].decode("latin-1")
        scheme = asked.forwarded_proto.rsplit(b",", 1)[-1].strip().decode("latin-1") or scheme
    return address, scheme


def our_own(address: str, scheme: str, host: bytes, traceparent: str, request_id: str) -> Headers:
    """The headers that only the edge may write."""
    return [
        (b"x-forwarded-for", address.encode("latin-1")),
        (b"x-forwarded-proto", scheme.encode("latin-1")),
        (b"x-forwarded-host", host),
        (b"x-request-id", request_id.encode()),
        (b"traceparent", traceparent.encode()),
    ]


def outgoing(headers: Headers, added: Headers, defaults: tuple[tuple[bytes, bytes], ...]) -> Headers:
    """An answer's headers as the client gets them: `defaults` only where the service said nothing itself."""
    passed = [(name, value) for name, value in headers if name.lower() not in _NOT_PASSED_OUT]
    said = {name.lower() for name, _ in passed}
    return [*passed, *(default for default in defaults if default[0] not in said), *added]
