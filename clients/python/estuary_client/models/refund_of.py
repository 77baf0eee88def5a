from enum import StrEnum


class RefundOf(StrEnum):
    ALL = "all"
    NONE = "none"
    UNUSED = "unused"

    def __str__(self) -> str:
        return str(self.value)
