from enum import StrEnum


class PayoutStatus(StrEnum):
    ELIGIBLE = "eligible"
    FAILED = "failed"
    NEEDS_ATTENTION = "needs_attention"
    PAID = "paid"
    PROCESSING = "processing"
    REJECTED = "rejected"

    def __str__(self) -> str:
        return str(self.value)
