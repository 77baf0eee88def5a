"""Rules of tiers."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

FREE = 0
FREE_NAME = "Free"
HIGHEST_LEVEL = 100
MOST_TIERS = 20


def repeated(levels: Sequence[int]) -> int | None:
    """The index of the first level that came before, None if all differ."""
    return next((index for index, level in enumerate(levels) if level in levels[:index]), None)


class Offerer(NamedTuple):
    """The stream whose tiers are for sale, who earns, and the version of its tiers, which grows with each change."""

    stream_id: UUID
    practitioner_id: UUID
    version: int
