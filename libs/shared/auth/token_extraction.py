"""Where an access token may stand in a request; one function for the gateway and the services, so that all of them
read the same one."""

from urllib.parse import parse_qs

from starlette.types import Scope

from shared.errors import Unauthenticated

SUBPROTOCOL = "bearer."


def token_of(scope: Scope) -> str | None:
    """The token of the Authorization header, for WebSockets else of the subprotocol `bearer.<token>`, else `?token=`.

    None without any; Unauthenticated for two headers, or for another scheme.
    """
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(given) > 1:
        raise Unauthenticated("Send one Authorization header.")
    if given:
        return _bearer(given[0])
    return _of_socket(scope) if scope["type"] == "websocket" else None


def subprotocol_of(scope: Scope) -> str | None:
    """The subprotocol that carries a token: it is echoed when the socket is accepted."""
    return next((name for name in scope.get("subprotocols") or [] if name.startswith(SUBPROTOCOL)), None)


def _bearer(authorization: bytes) -> str:
    scheme, _, given = authorization.decode("latin-1").partition(" ")
    token = given.strip()
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token


def _of_socket(scope: Scope) -> str | None:
    if (offered := subprotocol_of(scope)) is not None:
        return offered.removeprefix(SUBPROTOCOL)
    given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
    return given[0] if given else None
