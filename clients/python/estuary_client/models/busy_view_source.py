from enum import StrEnum


class BusyViewSource(StrEnum):
    BOOKING = "booking"
    TIME_OFF = "time_off"

    def __str__(self) -> str:
        return str(self.value)
