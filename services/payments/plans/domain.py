"""Kinds of plans, how often they are billed, and the plans that every install begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.records.currencies import decimals, minimum_charge


class PlanKind(StrEnum):
    """Who subscribes to it, and to what end: practitioners to sell, organizers to negotiate, members to book, fans to
    see a stream."""

    PLATFORM = "platform"
    ORGANIZER = "organizer"
    MEMBERSHIP = "membership"
    STREAM_TIER = "stream_tier"


class Interval(StrEnum):
    """How often a plan is billed."""

    MONTH = "month"
    YEAR = "year"


class Figures(StrEnum):
    """Which figures of their practice a practitioner sees."""

    BASIC = "basic"
    ALL = "all"
    INSIGHTS = "insights"


@dataclass(frozen=True, slots=True)
class SeededPlan:
    """A plan of a new install; prices in major units of the currency."""

    kind: PlanKind
    code: str
    name: str
    level: int
    prices: Mapping[Interval, int]
    features: Mapping[str, Any]
    trial_days: int = 0


def _platform(limit: int | None, rate: str, figures: Figures) -> Mapping[str, Any]:
    return {"service_limit": limit, "commission_rate": rate, "figures": figures.value}


def _prices(month: int, year: int) -> Mapping[Interval, int]:
    return {Interval.MONTH: month, Interval.YEAR: year}


SEEDED = (
    SeededPlan(PlanKind.PLATFORM, "entry", "Entry", 1, _prices(29, 290), _platform(20, "0.1500", Figures.ALL)),
    SeededPlan(
        PlanKind.PLATFORM, "premium", "Premium", 2, _prices(79, 790), _platform(None, "0.1000", Figures.INSIGHTS)
    ),
    SeededPlan(PlanKind.ORGANIZER, "organizer", "Organizer", 1, _prices(49, 490), {}, trial_days=14),
)
"""Staff change them afterwards like any other."""


def seeded_unit(currency: str) -> int:
    """How many minor units a major unit of the seeded prices is: those of the currency, or where the cheapest would be
    too little for a card (29 yen), what a dollar is beside Stripe's minimum charge."""
    unit, least = 10 ** decimals(currency), minimum_charge(currency)
    cheapest = min(major for plan in SEEDED for major in plan.prices.values())
    return unit if cheapest * unit >= least else 2 * least
