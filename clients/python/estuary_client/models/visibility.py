from enum import StrEnum


class Visibility(StrEnum):
    AREA = "area"
    PUBLIC = "public"

    def __str__(self) -> str:
        return str(self.value)
