from enum import StrEnum


class Figures(StrEnum):
    ALL = "all"
    BASIC = "basic"
    INSIGHTS = "insights"

    def __str__(self) -> str:
        return str(self.value)
