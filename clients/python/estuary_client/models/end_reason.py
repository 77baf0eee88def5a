from enum import StrEnum


class EndReason(StrEnum):
    CANCELLED = "cancelled"
    CHARGEBACK = "chargeback"
    PAYMENT_FAILED = "payment_failed"
    UNPAID = "unpaid"

    def __str__(self) -> str:
        return str(self.value)
