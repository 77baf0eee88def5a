from enum import StrEnum


class PayoutSchedule(StrEnum):
    MANUAL = "manual"
    WEEKLY = "weekly"

    def __str__(self) -> str:
        return str(self.value)
