"""How an order stands that was disputed."""

import pytest

from services.payments.chargebacks.domain import ChargebackStatus, standing
from services.payments.orders.domain import Chargebacked

OPEN, REVIEW, WON, LOST = (
    ChargebackStatus.NEEDS_RESPONSE,
    ChargebackStatus.UNDER_REVIEW,
    ChargebackStatus.WON,
    ChargebackStatus.LOST,
)
INQUIRY, PREVENTED = ChargebackStatus.WARNING_NEEDS_RESPONSE, ChargebackStatus.PREVENTED


@pytest.mark.parametrize(
    ("disputes", "expected"),
    [
        ([], None),
        ([INQUIRY], None),
        ([PREVENTED], None),
        ([OPEN], Chargebacked.OPEN),
        ([LOST, REVIEW, WON], Chargebacked.OPEN),
        ([WON, LOST], Chargebacked.LOST),
        ([WON, INQUIRY], Chargebacked.WON),
    ],
)
def test_what_is_open_counts_before_what_is_lost_and_that_before_what_is_won(
    disputes: list[ChargebackStatus], expected: Chargebacked | None
) -> None:
    assert standing(disputes) is expected
