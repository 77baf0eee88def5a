from enum import StrEnum


class MoveViewBy(StrEnum):
    CLIENT = "client"
    PRACTITIONER = "practitioner"
    STAFF = "staff"

    def __str__(self) -> str:
        return str(self.value)
