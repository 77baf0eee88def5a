from enum import StrEnum


class AccountStatus(StrEnum):
    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    SUSPENDED = "suspended"

    def __str__(self) -> str:
        return str(self.value)
