"""Who may call whom under `/internal`. The services enforce it, and the deployment's network policies say the same."""

from collections.abc import Mapping

EVERYBODY = frozenset({"identity", "sandbox"})
"""Identity publishes the keys of tokens; the sandbox, where there is one, says what time it is."""
CALLS: Mapping[str, frozenset[str]] = {
    "booking": EVERYBODY | {"catalog", "payments"},
    "catalog": EVERYBODY,
    "gateway": EVERYBODY,
    "identity": EVERYBODY | {"catalog", "booking", "payments", "streams", "messaging", "notifications"},
    "messaging": EVERYBODY | {"booking", "catalog"},
    "notifications": EVERYBODY | {"catalog"},
    "payments": EVERYBODY,
    "sandbox": EVERYBODY,
    "streams": EVERYBODY,
}
"""The services that each process calls, by the caller's name; one that is not here calls nobody."""


def calls_of(caller: str) -> frozenset[str]:
    """The services that the process of that name calls; none for a name that nobody has."""
    return CALLS.get(caller, frozenset())


def may_call(caller: str, service: str) -> bool:
    """Whether the table has that call."""
    return service in calls_of(caller)
