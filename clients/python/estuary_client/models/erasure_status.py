from enum import StrEnum


class ErasureStatus(StrEnum):
    CANCELLED = "cancelled"
    DONE = "done"
    ERASING = "erasing"
    WAITING = "waiting"

    def __str__(self) -> str:
        return str(self.value)
