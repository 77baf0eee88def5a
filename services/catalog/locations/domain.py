"""Who sees where a location is."""

from enum import StrEnum
from math import floor
from typing import NamedTuple

MOST_LOCATIONS = 20
CELLS_A_DEGREE = 50


class Visibility(StrEnum):
    """`area`, such as a home: where it is exactly is for who has a booking there."""

    PUBLIC = "public"
    AREA = "area"


class Coordinates(NamedTuple):
    """A point on the earth, in degrees."""

    lat: float
    lon: float

    def blurred(self) -> "Coordinates":
        """The middle of its cell of 0.02 degrees, which is the same for all points in the cell."""
        return Coordinates(_middle(self.lat), _middle(self.lon))


def _middle(degrees: float) -> float:
    return round((floor(degrees * CELLS_A_DEGREE) + 0.5) / CELLS_A_DEGREE, 2)
