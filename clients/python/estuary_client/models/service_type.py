from enum import StrEnum


class ServiceType(StrEnum):
    COURSE = "course"
    SESSION = "session"
    WORKSHOP = "workshop"

    def __str__(self) -> str:
        return str(self.value)
