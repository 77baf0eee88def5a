from enum import StrEnum


class PeriodStatus(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PAID = "paid"

    def __str__(self) -> str:
        return str(self.value)
