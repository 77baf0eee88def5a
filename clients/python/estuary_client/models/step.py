from enum import StrEnum


class Step(StrEnum):
    FIRST_SERVICE = "first_service"
    PROFILE = "profile"
    VERIFICATION = "verification"

    def __str__(self) -> str:
        return str(self.value)
