from enum import StrEnum


class Mark(StrEnum):
    ABSENT = "absent"
    ATTENDED = "attended"
    LATE = "late"

    def __str__(self) -> str:
        return str(self.value)
