from enum import StrEnum


class EarningStatus(StrEnum):
    AVAILABLE = "available"
    HELD = "held"
    IN_PAYOUT = "in_payout"
    PAID = "paid"
    PENDING = "pending"
    REVERSED = "reversed"

    def __str__(self) -> str:
        return str(self.value)
