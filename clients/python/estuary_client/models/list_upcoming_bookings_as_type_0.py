from enum import StrEnum


class ListUpcomingBookingsAsType0(StrEnum):
    CLIENT = "client"
    PRACTITIONER = "practitioner"

    def __str__(self) -> str:
        return str(self.value)
