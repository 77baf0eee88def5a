from enum import StrEnum


class PlanKind(StrEnum):
    MEMBERSHIP = "membership"
    ORGANIZER = "organizer"
    PLATFORM = "platform"
    STREAM_TIER = "stream_tier"

    def __str__(self) -> str:
        return str(self.value)
