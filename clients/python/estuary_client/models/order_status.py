from enum import StrEnum


class OrderStatus(StrEnum):
    AUTHORIZED = "authorized"
    CANCELLED = "cancelled"
    OPEN = "open"
    PAID = "paid"
    PAID_LATE = "paid_late"

    def __str__(self) -> str:
        return str(self.value)
