from enum import StrEnum


class FeeViewStatus(StrEnum):
    DUE = "due"
    FAILED = "failed"
    PAID = "paid"
    WAIVED = "waived"

    def __str__(self) -> str:
        return str(self.value)
