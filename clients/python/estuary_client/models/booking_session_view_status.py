from enum import StrEnum


class BookingSessionViewStatus(StrEnum):
    CANCELLED = "cancelled"
    DONE = "done"
    SCHEDULED = "scheduled"

    def __str__(self) -> str:
        return str(self.value)
