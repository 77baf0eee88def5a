from enum import StrEnum


class CardPaymentStatus(StrEnum):
    FAILED = "failed"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"

    def __str__(self) -> str:
        return str(self.value)
