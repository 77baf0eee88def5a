"""Metrics of saved cards."""

from prometheus_client import Counter

SETUPS = Counter("estuary_payments_card_setups_total", "Setups that reached a state, by the state", ["status"])
CHARGES = Counter(
    "estuary_payments_saved_card_charges_total",
    "Tries with a saved card, by whether the client was there or away, and by outcome",
    ["client", "outcome"],
)
