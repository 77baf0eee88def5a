"""What a dispute's state means here, and how far it may move."""

from collections.abc import Collection
from enum import StrEnum

from services.payments.orders.domain import Chargebacked


class ChargebackStatus(StrEnum):
    """The states of a dispute, as Stripe names them. `warning_*` is an inquiry, which takes no money.

    `prevented`: the dispute was settled before any money was taken.
    """

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"

    @property
    def is_withdrawn(self) -> bool:
        """The client's bank has the money: the case is open, or lost."""
        return self in WITHDRAWN


WITHDRAWN = frozenset({ChargebackStatus.NEEDS_RESPONSE, ChargebackStatus.UNDER_REVIEW, ChargebackStatus.LOST})
_ENDS = frozenset({ChargebackStatus.WON, ChargebackStatus.LOST, ChargebackStatus.PREVENTED})
_OPEN = _ENDS | {ChargebackStatus.NEEDS_RESPONSE, ChargebackStatus.UNDER_REVIEW}
TRANSITIONS: dict[ChargebackStatus, frozenset[ChargebackStatus]] = {
    ChargebackStatus.WARNING_NEEDS_RESPONSE: _OPEN
    | {ChargebackStatus.WARNING_UNDER_REVIEW, ChargebackStatus.WARNING_CLOSED},
    ChargebackStatus.WARNING_UNDER_REVIEW: _OPEN | {ChargebackStatus.WARNING_CLOSED},
    # A bank may still take the money after its inquiry had ended.
    ChargebackStatus.WARNING_CLOSED: _OPEN,
    ChargebackStatus.NEEDS_RESPONSE: _ENDS | {ChargebackStatus.UNDER_REVIEW},
    ChargebackStatus.UNDER_REVIEW: _ENDS,
    # Banks revise what they had decided, both ways.
    ChargebackStatus.WON: frozenset({ChargebackStatus.LOST}),
    ChargebackStatus.LOST: frozenset({ChargebackStatus.WON}),
    ChargebackStatus.PREVENTED: frozenset(),
}


def standing(disputes: Collection[ChargebackStatus]) -> Chargebacked | None:
    """How the order of these disputes stands: one that is open counts before one that is lost, and that before won."""
    if {ChargebackStatus.NEEDS_RESPONSE, ChargebackStatus.UNDER_REVIEW} & {*disputes}:
        return Chargebacked.OPEN
    if ChargebackStatus.LOST in disputes:
        return Chargebacked.LOST
    return Chargebacked.WON if ChargebackStatus.WON in disputes else None
