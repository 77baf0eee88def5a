from enum import StrEnum


class PlanKind(StrEnum):
    ORGANIZER = "organizer"
    PLATFORM = "platform"

    def __str__(self) -> str:
        return str(self.value)
