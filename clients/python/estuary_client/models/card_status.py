from enum import StrEnum


class CardStatus(StrEnum):
    EXPIRED = "expired"
    VALID = "valid"

    def __str__(self) -> str:
        return str(self.value)
