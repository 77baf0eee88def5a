from enum import StrEnum


class BookingKind(StrEnum):
    COURSE = "course"
    GROUP = "group"
    SERIES = "series"
    SINGLE = "single"

    def __str__(self) -> str:
        return str(self.value)
