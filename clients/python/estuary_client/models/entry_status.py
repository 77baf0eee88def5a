from enum import StrEnum


class EntryStatus(StrEnum):
    BOOKED = "booked"
    CLOSED = "closed"
    LEFT = "left"
    OFFERED = "offered"
    PASSED = "passed"
    WAITING = "waiting"

    def __str__(self) -> str:
        return str(self.value)
