from enum import StrEnum


class DateViewStatus(StrEnum):
    CANCELLED = "cancelled"
    DONE = "done"
    SCHEDULED = "scheduled"

    def __str__(self) -> str:
        return str(self.value)
