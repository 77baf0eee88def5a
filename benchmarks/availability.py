"""Availability of a full calendar: 2,000 starts among 2,000 short reservations, and one of a year beside them.

Printed: the time with the long one by the time without, and both by the time that only making the starts takes.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import process_time

from services.booking.calendars.domain import Busy, Calendar, open_slots
from services.booking.schedules.domain import Hours, Window, Zones, slots_between, slots_on
from services.booking.sessions.domain import SlotRules
from shared.records.ids import new_id

DAY, MINUTES = timedelta(days=1), timedelta(minutes=15)
FIRST = date(2026, 12, 1)
NOW = datetime(2026, 11, 29, tzinfo=UTC)
HOURS = Hours(Zones("Europe/Lisbon"), dict.fromkeys(range(7), (Window(timedelta(0), DAY),)), {})
NOTHING = timedelta(0)
OTHER = new_id()
RULES = SlotRules(MINUTES, MINUTES, NOTHING, 90, NOTHING, NOTHING, capacity=1)
DAYS = 20


def main() -> None:
    """The best of five each."""
    slots = [slot for number in range(DAYS) for slot in slots_on(HOURS, RULES, FIRST + number * DAY)]
    short = [busy(slot.start, slot.end) for slot in slots]
    long = busy(slots[0].start - 366 * DAY, slots[0].start - DAY)
    bare = best(lambda: [list(slots_on(HOURS, RULES, FIRST + number * DAY)) for number in range(DAYS)])
    without, beside = best(lambda: found(short)), best(lambda: found([*short, long]))
    print(f"one long reservation costs {beside / without:.2f} times (goal: 1.2)")
    print(f"the calendar costs {without / bare:.2f} times the starts alone ({len(slots)} in {bare * 1000:.0f} ms)")


def busy(start: datetime, end: datetime) -> Busy:
    """Without buffers, of another service."""
    return Busy(start, end, start, end, OTHER, 1)


def found(taken: list[Busy]) -> int:
    """How many starts are free."""
    slots = slots_between(HOURS, RULES, FIRST, FIRST + DAYS * DAY, NOW)
    return len(list(open_slots(slots, RULES, Calendar(taken, new_id()))))


def best(work: Callable[[], object]) -> float:
    """Seconds of CPU, the least of five."""

    def once() -> float:
        began = process_time()
        work()
        return process_time() - began

    return min(once() for _ in range(5))


if __name__ == "__main__":
    main()
