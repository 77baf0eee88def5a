"""Rules of tiers."""

from collections.abc import Sequence

FREE = 0
FREE_NAME = "Free"
HIGHEST_LEVEL = 100
MOST_TIERS = 20


def repeated(levels: Sequence[int]) -> int | None:
    """The index of the first level that came before, None if all differ."""
    return next((index for index, level in enumerate(levels) if level in levels[:index]), None)
