from enum import StrEnum


class PassSessionStatus(StrEnum):
    BOOKED = "booked"
    LAPSED = "lapsed"
    OPEN = "open"
    REFUNDED = "refunded"
    USED = "used"

    def __str__(self) -> str:
        return str(self.value)
