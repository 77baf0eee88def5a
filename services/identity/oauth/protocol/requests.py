"""Requests as the core reads them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.util import extract_basic_authorization

MOST_FIELDS = 50
Pairs = Sequence[tuple[str, str]]
HERE = "https://estuary.invalid/"
"""The core wants an address of the request, and that it is by https; where TLS ends is not its business."""


class Fields(OAuth2Payload):  # type: ignore[misc]  # Authlib has no types
    """Names and values that came along."""

    def __init__(self, pairs: Pairs) -> None:
        self.named = dict(pairs)
        self._listed: defaultdict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            self._listed[name].append(value)

    @property
    def data(self) -> dict[str, str]:
        """By name."""
        return self.named

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """All values by name."""
        return self._listed


class CoreRequest(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """One request; what the core wants to have stored is in `outcome`."""

    def __init__(self, method: str, query: Pairs = (), form: Pairs = (), headers: Mapping[str, str] | None = None):
        """Raises InvalidRequestError where a parameter comes twice."""
        super().__init__(method, HERE, headers=headers or {})
        self.query, self.payload = query, Fields([*query, *form])
        self._args, self._form = dict(query), dict(form)
        self.outcome: Any = None
        twice = [name for name, values in self.payload.datalist.items() if len(values) > 1]
        if twice:
            raise InvalidRequestError("A parameter is there more than once.")

    @property
    def args(self) -> dict[str, str]:
        """What stood in the address."""
        return self._args

    @property
    def form(self) -> dict[str, str]:
        """What stood in the body."""
        return self._form

    def field(self, name: str) -> str | None:
        """What came under that name."""
        found: str | None = self.payload.data.get(name)
        return found

    @property
    def named_client(self) -> str | None:
        """The id of the client that it is said to come from."""
        found: str | None = extract_basic_authorization(self.headers)[0]
        return found or self.field("client_id")


def pairs_of(text: str | bytes) -> Pairs:
    """The fields of a query or form; raises InvalidRequestError for what is none."""
    try:
        given = text if isinstance(text, str) else text.decode("ascii")
        return parse_qsl(given, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise InvalidRequestError("The parameters cannot be read.") from error
