"""Which resources a session needs, and whether what is free is enough."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

Unit = tuple[UUID, int]
"""A resource, and the number of one of its units, from 1."""


class ResourceKind(StrEnum):
    """What a resource is."""

    ROOM = "room"
    EQUIPMENT = "equipment"
    CREW = "crew"


@dataclass(frozen=True)
class Need:
    """So many units of any of these resources."""

    any_of: tuple[UUID, ...]
    quantity: int


def needs_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Need, ...]:
    """What a service says that its sessions need."""
    return tuple(Need(tuple(map(UUID, each["any_of"])), each["quantity"]) for each in stored)


def wanted_by(needs: Iterable[Need]) -> frozenset[UUID]:
    """All resources that these needs name."""
    return frozenset(resource for need in needs for resource in need.any_of)


class Stock(NamedTuple):
    """How many units there are, and where; None: wherever they are needed."""

    quantity: int
    location_id: UUID | None

    def at(self, place_id: UUID | None) -> int:
        """How many of them are for a session there; None: of one that is at no place."""
        return self.quantity if None in (place_id, self.location_id) or place_id == self.location_id else 0


def assigned(needs: Sequence[Need], free: Mapping[UUID, int]) -> dict[UUID, int] | None:
    """How many units of each resource meet all needs together; None where those that are free cannot.

    Each need has its first resources as far as possible: it leaves one to a need that has no other.
    """
    left, given = dict(free), [dict.fromkeys(need.any_of, 0) for need in needs]
    for number, need in enumerate(needs):
        for _ in range(need.quantity):
            if not _give(number, needs, left, given, set()):
                return None
    return {each: sum(counts.get(each, 0) for counts in given) for each in wanted_by(needs)}


def _give(
    to: int, needs: Sequence[Need], left: dict[UUID, int], given: Sequence[dict[UUID, int]], seen: set[UUID]
) -> bool:
    """Gives that need one more unit, if that has to be one which another need can do without."""
    for resource in needs[to].any_of:
        if resource in seen:
            continue
        seen.add(resource)
        if left.get(resource, 0) > 0:
            left[resource] -= 1
        else:
            holders = (other for other, counts in enumerate(given) if counts.get(resource))
            giver = next((other for other in holders if _give(other, needs, left, given, seen)), None)
            if giver is None:
                continue
            given[giver][resource] -= 1
        given[to][resource] += 1
        return True
    return False


def first_free(counts: Mapping[UUID, int], stocks: Mapping[UUID, Stock], taken: Collection[Unit]) -> list[Unit]:
    """The first units that are not taken, so many of each resource."""
    units: list[Unit] = []
    for resource, count in counts.items():
        free = (unit for number in range(stocks[resource].quantity) if (unit := (resource, number + 1)) not in taken)
        units += [unit for unit, _ in zip(free, range(count), strict=False)]
    return units
