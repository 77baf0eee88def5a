from enum import StrEnum


class EndReason(StrEnum):
    CANCELLED = "cancelled"
    PAYMENT_FAILED = "payment_failed"
    UNPAID = "unpaid"

    def __str__(self) -> str:
        return str(self.value)
