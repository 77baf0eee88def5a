"""Bodies of tiers."""

from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from services.streams.tiers.domain import HIGHEST_LEVEL, MOST_TIERS
from shared.records.money import Money, Price
from shared.web.http import Body, Text, View

TierName = Annotated[Text, StringConstraints(min_length=1, max_length=80)]
Level = Annotated[int, Strict(), Field(ge=0, le=HIGHEST_LEVEL)]


class NewTier(Body):
    """A level with its name and price; level 0 costs nothing."""

    name: TierName
    level: Level
    price: Price


NewTiers = Annotated[list[NewTier], Field(max_length=MOST_TIERS)]


class TierView(View):
    """A tier as everyone sees it."""

    name: str
    level: int
    price: Money
