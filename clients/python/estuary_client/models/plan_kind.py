from enum import StrEnum


class PlanKind(StrEnum):
    MEMBERSHIP = "membership"
    ORGANIZER = "organizer"
    PLATFORM = "platform"

    def __str__(self) -> str:
        return str(self.value)
