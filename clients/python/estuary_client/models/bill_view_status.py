from enum import StrEnum


class BillViewStatus(StrEnum):
    FAILED = "failed"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    REQUIRES_PAYMENT_METHOD = "requires_payment_method"

    def __str__(self) -> str:
        return str(self.value)
