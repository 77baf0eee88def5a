"""Where a token is looked for, and that it is the same place for everyone."""

import pytest

from shared.auth.token_extraction import subprotocol_of, token_of
from shared.errors import Unauthenticated


def scope(*authorizations: str, kind: str = "http", query: str = "", offered: tuple[str, ...] = ()):
    headers = [(b"authorization", value.encode("latin-1")) for value in authorizations]
    return {"type": kind, "headers": headers, "query_string": query.encode(), "subprotocols": list(offered)}


@pytest.mark.parametrize(
    ("given", "token"),
    [
        (scope(), None),
        (scope("Bearer a"), "a"),
        (scope("bearer  a "), "a"),
        (scope(query="token=a"), None),
        (scope(kind="websocket"), None),
        (scope(kind="websocket", query="x=1&token=a&token=b"), "a"),
        (scope(kind="websocket", query="token=a", offered=("chat", "bearer.b", "bearer.c")), "b"),
        (scope("Bearer h", kind="websocket", query="token=a", offered=("bearer.b",)), "h"),
    ],
)
def test_the_header_comes_first_then_for_sockets_the_subprotocol_then_the_query(given, token):
    assert token_of(given) == token


@pytest.mark.parametrize("given", [scope("Bearer a", "Bearer b"), scope("Basic a"), scope("Bearer "), scope("")])
def test_two_or_another_kind_are_refused(given):
    with pytest.raises(Unauthenticated):
        token_of(given)


def test_the_subprotocol_is_echoed():
    assert subprotocol_of(scope(kind="websocket", offered=("chat", "bearer.b"))) == "bearer.b"
