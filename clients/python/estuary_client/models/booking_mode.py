from enum import StrEnum


class BookingMode(StrEnum):
    INSTANT = "instant"
    REQUEST = "request"

    def __str__(self) -> str:
        return str(self.value)
