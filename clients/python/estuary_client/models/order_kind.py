from enum import StrEnum


class OrderKind(StrEnum):
    BOOKING = "booking"
    CREDITS = "credits"
    TOMBSTONE = "tombstone"

    def __str__(self) -> str:
        return str(self.value)
