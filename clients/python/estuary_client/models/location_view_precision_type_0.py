from enum import StrEnum


class LocationViewPrecisionType0(StrEnum):
    ADDRESS = "address"
    CITY = "city"

    def __str__(self) -> str:
        return str(self.value)
