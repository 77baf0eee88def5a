from enum import StrEnum


class EntryKind(StrEnum):
    EXPIRED = "expired"
    GRANTED = "granted"
    PURCHASED = "purchased"
    REFUNDED = "refunded"
    REVERSED = "reversed"
    SPENT = "spent"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"

    def __str__(self) -> str:
        return str(self.value)
