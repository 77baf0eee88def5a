"""What every answer says to browsers and caches, by its kind; a service's own header counts instead."""

from dataclasses import dataclass

from gateway.routes import Route

Header = tuple[bytes, bytes]

_NOSNIFF = (b"x-content-type-options", b"nosniff")
_REFERRER = (b"referrer-policy", b"no-referrer")
_NO_FRAMES = (b"x-frame-options", b"DENY")
_BY_CALLER = (b"vary", b"Authorization, Origin")
_HARDENED: tuple[Header, ...] = (_NOSNIFF, _REFERRER, _NO_FRAMES, _BY_CALLER)


def _policy(policy: bytes) -> Header:
    return (b"content-security-policy", policy)


API_HEADERS = (*_HARDENED, _policy(b"default-src 'none'; frame-ancestors 'none'"))
"""JSON: nothing may be made of it but data."""
PAGE_HEADERS = (
    *_HARDENED,
    _policy(
        b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
)
"""Pages that a service renders, without scripts; one that needs more says so itself."""
DOCS_HEADERS = (
    *_HARDENED,
    _policy(
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
        b" base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
)
"""The documentation, which calls this API."""
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")


@dataclass(frozen=True, slots=True)
class Caching:
    """The Cache-Control of a reading that succeeded, and of every other answer."""

    read: Header
    other: Header


_NO_STORE = (b"cache-control", b"no-store")
_PRIVATE = (b"cache-control", b"private, no-store")
NOT_STORED = Caching(_NO_STORE, _NO_STORE)
OF_CALLER = Caching(_PRIVATE, _PRIVATE)
OF_ANYBODY = Caching((b"cache-control", b"public, max-age=0, must-revalidate"), _NO_STORE)


def caching_of(route: Route | None, *, signed: bool) -> Caching:
    """What a token reads is for the caller alone, and so is what sign-in answers."""
    if signed:
        return OF_CALLER
    return NOT_STORED if route is not None and (route.knows_client or route.is_page) else OF_ANYBODY
