"""Metrics of memberships."""

from prometheus_client import Counter

SESSIONS = Counter(
    "estuary_payments_membership_sessions_total",
    "Sessions of memberships that paid an order, and that went back",
    ["what"],
)
GRANTS = Counter(
    "estuary_payments_membership_grants_total", "Bills of memberships by what became of their grant", ["what"]
)
