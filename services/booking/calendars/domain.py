"""Which slots are open, given the hours and what keeps the practitioner busy."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from uuid import UUID

from services.booking.resources.domain import Need, Stock, Unit, assigned
from services.booking.schedules.domain import DAY, Slot, StartRefused, is_too_soon
from services.booking.sessions.domain import SessionLimits, SlotRules

LONGEST_AHEAD = 3653 * DAY
"""Ten years: an announced date that lies further ahead is a typing error."""


@dataclass(frozen=True)
class OpenSlot:
    """A slot that can still be booked, and how many times."""

    start_time: datetime
    end_time: datetime
    available_spots: int
    location_id: UUID | None = None


@dataclass(frozen=True)
class BusyTime:
    """Some time that a practitioner cannot sell, and what takes it."""

    start_time: datetime
    end_time: datetime
    source: str


@dataclass(frozen=True)
class Busy:
    """What takes some time. Of a session: the service, how many of its seats are taken, and where it is.

    What is no session, such as time off, has no service and keeps no distance: a buffer may reach into it.
    """

    start: datetime
    end: datetime
    blocked_from: datetime
    blocked_until: datetime
    service_id: UUID | None = None
    taken: int = 0
    location_id: UUID | None = None
    place_id: UUID | None = None
    away_until: datetime | None = None

    @property
    def is_session(self) -> bool:
        """Whether it keeps its distance, and counts in limits."""
        return self.service_id is not None


def collides(slot: Slot, rules: SlotRules, busy: Busy) -> bool:
    """Whether the gap between the two is shorter than the larger of the buffers that face each other."""
    if not busy.is_session:
        return slot.start < busy.end and busy.start < slot.end
    return (slot.start < busy.blocked_until and busy.start < slot.end + rules.buffer_after) or (
        slot.start - rules.buffer_before < busy.end and busy.blocked_from < slot.end
    )


@dataclass(frozen=True)
class Taken:
    """What is taken around some time: the practitioner's own, and units of the resources that there are."""

    busy: Sequence[Busy]
    stocks: Mapping[UUID, Stock] = field(default_factory=dict)
    units: Sequence[tuple[Unit, Busy]] = ()


@dataclass(frozen=True)
class Calendar:
    """What keeps a practitioner busy, from the point of view of one service: its own sessions may have seats left."""

    busy: Sequence[Busy]
    service_id: UUID

    def free(self, slots: Iterable[Slot], rules: SlotRules) -> Iterator[tuple[Slot, int]]:
        """Each of the slots, which come in order of their starts, with the seats that are free."""
        for slot, near in sweep([_taken_starts(entry, rules) for entry in self.busy], slots):
            yield slot, self._spots(near, slot, rules)

    def within(self, limits: SessionLimits, slots: Iterable[Slot]) -> list[Slot]:
        """Those of the slots whose day and week are not full, and those of sessions that there are."""
        is_full = limits.full(entry.start for entry in self.busy if limits.counts(entry.service_id))
        there = self._own_starts()
        return [slot for slot in slots if slot.start in there or not is_full(slot.start)]

    def with_units(self, taken: Taken, needs: Sequence[Need], slots: Iterable[Slot], rules: SlotRules) -> list[Slot]:
        """Those of the slots for which enough units are free, and those of sessions that there are."""
        there, found = self._own_starts(), []
        for slot, near in sweep([_taken_starts(time, rules) for _, time in taken.units], slots):
            gone = Counter(resource for resource, _ in {taken.units[number][0] for _, number in near})
            free = {each: stock.at(slot.place_id) - gone[each] for each, stock in taken.stocks.items()}
            if slot.start in there or assigned(needs, free) is not None:
                found.append(slot)
        return found

    def reachable(self, slots: Sequence[Slot], rules: SlotRules, travel: timedelta) -> list[Slot]:
        """Those of the slots, which come in order, before and after which there is time to travel."""
        away: set[tuple[datetime, UUID]] = set()
        for place in {slot.place_id for slot in slots if slot.place_id}:
            spans = [
                (busy.start - travel - rules.duration, busy.away_until)
                for busy in self.busy
                if busy.away_until and busy.place_id not in {None, place}
            ]
            its = (slot for slot in slots if slot.place_id == place)
            away |= {(slot.start, place) for slot, near in sweep(spans, its) if near}
        return [slot for slot in slots if slot.place_id is None or (slot.start, slot.place_id) not in away]

    def _own_starts(self) -> set[datetime]:
        return {entry.start for entry in self.busy if entry.service_id == self.service_id}

    def _spots(self, near: Sequence[tuple[datetime, int]], slot: Slot, rules: SlotRules) -> int:
        if not near:
            return rules.capacity
        one = self.busy[near[0][1]]
        it = (self.service_id, slot.start, slot.end, slot.location_id)
        same = (one.service_id, one.start, one.end, one.location_id) == it
        return rules.capacity - one.taken if same and len(near) == 1 else 0


def sweep(
    spans: Iterable[tuple[datetime, datetime]], slots: Iterable[Slot]
) -> Iterator[tuple[Slot, Sequence[tuple[datetime, int]]]]:
    """Each of the slots, which come in order of their starts, with the ends and numbers of those spans it begins in.

    Spans are without their ends. Each is taken up once and dropped once, however long it is.
    """
    coming = sorted(((*span, number) for number, span in enumerate(spans)), reverse=True)
    near: list[tuple[datetime, int]] = []
    for slot in slots:
        while coming and coming[-1][0] < slot.start:
            _, last, number = coming.pop()
            heappush(near, (last, number))
        while near and near[0][0] <= slot.start:
            heappop(near)
        yield slot, near


def _taken_starts(busy: Busy, rules: SlotRules) -> tuple[datetime, datetime]:
    """Between which two starts, exclusive, a slot of that duration would collide: `collides`, solved for the start."""
    if not busy.is_session:
        return busy.start - rules.duration, busy.end
    first = min(busy.start - rules.buffer_after, busy.blocked_from) - rules.duration
    return first, max(busy.blocked_until, busy.end + rules.buffer_before)


def open_slots(slots: Iterable[Slot], rules: SlotRules, calendar: Calendar) -> Iterator[OpenSlot]:
    """Those of the slots, which come in order of their starts, that are not full."""
    for slot, spots in calendar.free(slots, rules):
        if spots > 0:
            yield OpenSlot(slot.start, slot.end, spots, slot.location_id)


def refusal_of_date(rules: SlotRules, start: datetime, now: datetime) -> StartRefused | None:
    """Why a start that is announced, and so bound by no hours, cannot be booked or announced, or None."""
    if is_too_soon(rules, start, now):
        return StartRefused.TOO_SOON
    return StartRefused.BEYOND_HORIZON if start - now > LONGEST_AHEAD else None
