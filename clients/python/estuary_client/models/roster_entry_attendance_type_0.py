from enum import StrEnum


class RosterEntryAttendanceType0(StrEnum):
    ABSENT = "absent"
    ATTENDED = "attended"
    LATE = "late"
    UNRECORDED = "unrecorded"

    def __str__(self) -> str:
        return str(self.value)
