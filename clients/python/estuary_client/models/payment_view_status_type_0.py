from enum import StrEnum


class PaymentViewStatusType0(StrEnum):
    FAILED = "failed"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"

    def __str__(self) -> str:
        return str(self.value)
