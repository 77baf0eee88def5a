from enum import StrEnum


class VerificationViewStatus(StrEnum):
    BROKEN = "broken"
    INTACT = "intact"

    def __str__(self) -> str:
        return str(self.value)
