"""How long to wait before what has failed is tried again."""

import random
from dataclasses import dataclass
from datetime import timedelta

SPREAD = 0.1
"""Chance takes up to that part of a pause away, so that what failed together is not tried again together."""


@dataclass(frozen=True, slots=True)
class BackOff:
    """Pauses of machine time that double with every failure, from `first` seconds to at most `cap` seconds."""

    first: float
    cap: float

    def longest(self, failures: int) -> float:
        """The seconds after that many failures (one at least), before chance shortens them."""
        return min(self.first * 2.0 ** min(max(failures, 1) - 1, 60), self.cap)

    def seconds(self, failures: int) -> float:
        """The seconds to wait after that many failures."""
        return self.longest(failures) * (1 - SPREAD * random.random())

    def after(self, failures: int) -> timedelta:
        """As `seconds`."""
        return timedelta(seconds=self.seconds(failures))
