"""Who may call whom under `/internal`. The services enforce it, and the deployment's network policies say the same."""

from collections.abc import Mapping

EVERYBODY = frozenset({"identity", "sandbox"})
"""Identity publishes the keys of tokens; the sandbox, where there is one, says what time it is."""
CALLS: Mapping[str, frozenset[str]] = {
    "gateway": EVERYBODY,
    "sandbox": EVERYBODY,
    "identity": EVERYBODY,
    "catalog": EVERYBODY,
    "booking": EVERYBODY | {"catalog", "payments"},
    "payments": EVERYBODY,
    "streams": EVERYBODY,
    "messaging": EVERYBODY | {"booking", "catalog"},
    "notifications": EVERYBODY | {"catalog"},
}
"""The services that each process calls, by the caller's name."""


def may_call(caller: str, service: str) -> bool:
    """Whether the table has that call."""
    return service in CALLS.get(caller, frozenset())
