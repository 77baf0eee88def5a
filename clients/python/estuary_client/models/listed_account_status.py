from enum import StrEnum


class ListedAccountStatus(StrEnum):
    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    SUSPENDED = "suspended"

    def __str__(self) -> str:
        return str(self.value)
