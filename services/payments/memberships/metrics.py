"""Metrics of memberships."""

from prometheus_client import Counter

GRANTS = Counter(
    "estuary_payments_membership_grants_total", "Bills of memberships by what became of their grant", ["what"]
)
