from enum import StrEnum


class InactiveReason(StrEnum):
    PLAN_LIMIT = "plan_limit"

    def __str__(self) -> str:
        return str(self.value)
