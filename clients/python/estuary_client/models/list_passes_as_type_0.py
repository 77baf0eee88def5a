from enum import StrEnum


class ListPassesAsType0(StrEnum):
    CLIENT = "client"
    PRACTITIONER = "practitioner"

    def __str__(self) -> str:
        return str(self.value)
