from enum import StrEnum


class ResourceKind(StrEnum):
    CREW = "crew"
    EQUIPMENT = "equipment"
    ROOM = "room"

    def __str__(self) -> str:
        return str(self.value)
