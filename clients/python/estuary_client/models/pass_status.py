from enum import StrEnum


class PassStatus(StrEnum):
    ACTIVE = "active"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PENDING_PAYMENT = "pending_payment"
    USED_UP = "used_up"
    VOID = "void"

    def __str__(self) -> str:
        return str(self.value)
