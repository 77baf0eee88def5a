"""Header hygiene: what a client says about itself never reaches a service, and hops stay hops."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

from gateway.asgi import Headers

HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te"}
    | {b"trailer", b"upgrade"}
)
# Only the gateway sets these.
SET_BY_GATEWAY = frozenset(
    {b"forwarded", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"cf-connecting-ip", b"x-cluster-client-ip"}
    | {b"x-request-id", b"traceparent", b"tracestate", b"baggage"}
    | {b"x-original-url", b"x-rewrite-url", b"x-http-method", b"x-http-method-override", b"x-method-override"}
)
READ_BY_GATEWAY = frozenset(
    {b"authorization", b"origin", b"access-control-request-method", b"content-type", b"content-length", b"host"}
    | {b"transfer-encoding", b"connection", b"x-forwarded-for", b"x-forwarded-proto", b"if-none-match"}
)
_NOT_PASSED_IN = HOP_BY_HOP | SET_BY_GATEWAY
_NOT_PASSED_OUT = HOP_BY_HOP | {b"transfer-encoding", b"x-request-id", b"server", b"traceparent"}
_PRIVATE_PREFIXES = (b"x-forwarded-", b"x-estuary-")
# Whether the gateway reads the header of that name, and whether a service sees it.
_SPECIAL = {
    name: (name in READ_BY_GATEWAY, name not in _NOT_PASSED_IN and not name.startswith(_PRIVATE_PREFIXES))
    for name in READ_BY_GATEWAY | _NOT_PASSED_IN
}


@dataclass(slots=True, eq=False)
class RequestHeaders:
    """The request's headers: what a service may see, and what the gateway reads itself (the last value of each)."""

    passed_on: Headers
    values: dict[bytes, bytes]

    @property
    def has_body(self) -> bool:
        """Whether the client announces a body."""
        return b"transfer-encoding" in self.values or self.values.get(b"content-length", b"0") != b"0"

    @property
    def origin(self) -> bytes | None:
        """The origin of the page that sends the request, if a browser names one."""
        return self.values.get(b"origin")


NO_HEADERS = RequestHeaders([], {})


def read(headers: Headers) -> RequestHeaders:
    """Takes the request's headers apart, in one pass: every request goes through here."""
    passed_on: Headers = []
    values: dict[bytes, bytes] = {}
    for header in headers:
        name = header[0]
        treatment = _SPECIAL.get(name)
        if treatment is None:
            if not name.startswith(_PRIVATE_PREFIXES):
                passed_on.append(header)
            continue
        is_read, is_passed_on = treatment
        if is_read:
            # X-Forwarded-For may come in several lines, which are one list.
            joined = name == b"x-forwarded-for" and name in values
            values[name] = values[name] + b"," + header[1] if joined else header[1]
        if is_passed_on:
            passed_on.append(header)
    if b"connection" in values:
        passed_on = _without_named(passed_on, values[b"connection"])
    return RequestHeaders(passed_on, values)


def _without_named(headers: Headers, connection: bytes) -> Headers:
    # A client may not have us drop what the services rely on by naming it a hop's business.
    named = {part.strip().lower() for part in connection.split(b",")} - READ_BY_GATEWAY
    return [header for header in headers if header[0] not in named]


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """How many proxies of ours wrote X-Forwarded-*, and in which networks they are (none: anywhere)."""

    hops: int
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def include(self, peer: str) -> bool:
        """Whether that peer may say who the client is."""
        if not self.hops or not self.networks:
            return self.hops > 0
        address = parsed(peer)
        return address is not None and any(address in network for network in self.networks)


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address, one that was mapped into IPv6 as IPv4; None for what is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_of(scope: Scope, headers: RequestHeaders, proxies: TrustedProxies) -> tuple[str, str]:
    """The client's address and scheme: what trusted proxies wrote, else the peer's own.

    Too few entries in X-Forwarded-For, or an entry that is no address, count as none.
    """
    peer = scope.get("client")
    address, scheme = (peer[0] if peer else "unknown"), str(scope["scheme"])
    if b"x-forwarded-for" not in headers.values or not proxies.include(address):
        return address, scheme
    hops = headers.values[b"x-forwarded-for"].split(b",")
    named = parsed(hops[-proxies.hops].strip().decode("latin-1")) if len(hops) >= proxies.hops else None
    if named is None:
        return address, scheme
    protocol = headers.values.get(b"x-forwarded-proto", b"").split(b",")[-1].strip().decode("latin-1")
    return str(named), protocol or scheme


def is_loopback(address: str) -> bool:
    """Whether it is this machine's own."""
    known = parsed(address)
    return known is not None and known.is_loopback


def forwarded_headers(address: str, scheme: str, host: bytes, traceparent: str, request_id: str) -> Headers:
    """The headers that only the gateway may write."""
    return [
        (b"x-forwarded-for", address.encode("latin-1")),
        (b"x-forwarded-proto", scheme.encode("latin-1")),
        (b"x-forwarded-host", host),
        (b"x-request-id", request_id.encode()),
        (b"traceparent", traceparent.encode()),
    ]


def outgoing(headers: Headers, added: Headers, defaults: tuple[tuple[bytes, bytes], ...]) -> Headers:
    """An answer's headers (names in lower case) as the client gets them: `defaults` where the service has none."""
    passed = [header for header in headers if header[0] not in _NOT_PASSED_OUT]
    names = {header[0] for header in passed}
    passed += added
    passed += [default for default in defaults if default[0] not in names]
    return passed
