"""Where an access token can be in a request: the Authorization header, or for sockets the query or a subprotocol."""

from urllib.parse import parse_qs

from starlette.types import Scope

from gateway.headers import Asked
from shared.errors import Unauthenticated

SUBPROTOCOL = "bearer."


def token_of(scope: Scope, asked: Asked) -> str | None:
    """The token that came with the request, None without; Unauthenticated for two, or another kind."""
    if asked.authorizations > 1:
        raise Unauthenticated("Send one Authorization header.")
    if asked.authorizations:
        return _bearer(asked.said[b"authorization"])
    return _of_socket(scope) if scope["type"] == "websocket" else None


def _bearer(authorization: bytes) -> str:
    scheme, _, given = authorization.decode("latin-1").partition(" ")
    token = given.strip()
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated()
    return token


def _of_socket(scope: Scope) -> str | None:
    for name in scope.get("subprotocols", []):
        if name.startswith(SUBPROTOCOL):
            return str(name.removeprefix(SUBPROTOCOL))
    given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
    return given[0] if given else None
