from enum import StrEnum


class ListBookingsAsType0(StrEnum):
    CLIENT = "client"
    PRACTITIONER = "practitioner"

    def __str__(self) -> str:
        return str(self.value)
