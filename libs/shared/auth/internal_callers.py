"""Who may call whom under `/internal`. The services enforce it, and the deployment's network policies say the same."""

from collections.abc import Mapping

from shared.events.audit import PRODUCERS

EVERYBODY = frozenset({"identity", "sandbox"})
"""Identity publishes the keys of tokens; the sandbox, where there is one, says what time it is."""
MORE: Mapping[str, frozenset[str]] = {
    "booking": frozenset({"catalog", "payments"}),
    "catalog": frozenset({"booking"}),
    "identity": frozenset(PRODUCERS),  # it asks each for its audit log, and for what it holds of a person
    "messaging": frozenset({"booking", "catalog"}),
    "notifications": frozenset({"catalog"}),
    "streams": frozenset({"payments"}),
    "payments": frozenset({"catalog"}),
}
"""Who calls others than these."""
CALLS: Mapping[str, frozenset[str]] = {
    name: EVERYBODY | MORE.get(name, frozenset()) for name in (*PRODUCERS, "gateway", "sandbox")
}
"""The services that each process calls, by the caller's name; one that is not here calls nobody."""


def calls_of(caller: str) -> frozenset[str]:
    """The services that the process of that name calls; none for a name that nobody has."""
    return CALLS.get(caller, frozenset())


def may_call(caller: str, service: str) -> bool:
    """Whether the table has that call."""
    return service in calls_of(caller)
