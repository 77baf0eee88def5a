"""Slots: what a wall clock in a zone offers in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.calendars.domain import Busy, Calendar, collides, open_slots
from services.booking.schedules.domain import (
    Hours,
    Slot,
    StartRefused,
    Window,
    Zones,
    closing_instant,
    instant,
    latest_until,
    slots_between,
    slots_on,
)
from services.booking.schedules.starts import refusal
from services.booking.sessions.domain import SlotRules
from shared.records.ids import new_id

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SERVICE, OTHER = new_id(), new_id()
EVERY_ZONE = ["America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"]


def hours(zone: str = "America/New_York", opens: float = 9, closes: float = 17) -> Hours:
    window = Window(opens * HOUR, closes * HOUR)
    return Hours(Zones(zone), dict.fromkeys(range(7), (window,)), {})


def rules(minutes: int = 60, **given_rules: object) -> SlotRules:
    plain = {
        "duration": minutes * MINUTE,
        "interval": minutes * MINUTE,
        "notice": timedelta(0),
        "horizon_days": 90,
        "buffer_before": timedelta(0),
        "buffer_after": timedelta(0),
        "capacity": 1,
    }
    return SlotRules(**{**plain, **given_rules})  # type: ignore[arg-type]  # fields by name


def busy(slot: Slot, before: int = 0, after: int = 0, **given_busy: object) -> Busy:
    plain = {"service_id": OTHER, "taken": 1}
    padded = {"blocked_from": slot.start - before * MINUTE, "blocked_until": slot.end + after * MINUTE}
    return Busy(start=slot.start, end=slot.end, **{**padded, **plain, **given_busy})  # type: ignore[arg-type]  # fields by name


def starts(found: list[Slot], zone: str = "America/New_York") -> list[str]:
    return [slot.start.astimezone(ZoneInfo(zone)).strftime("%H:%M%z") for slot in found]


class TestDaylightSaving:
    def test_rule_01_a_start_inside_the_spring_gap_is_dropped(self) -> None:
        found = list(slots_on(hours(opens=1, closes=5), rules(), date(2026, 3, 8)))
        assert starts(found) == ["01:00-0500", "03:00-0400", "04:00-0400"]

    def test_rule_01_a_start_that_autumn_repeats_is_offered_once_at_its_first_occurrence(self) -> None:
        found = list(slots_on(hours(opens=0, closes=4), rules(), date(2026, 11, 1)))
        assert starts(found) == ["00:00-0400", "01:00-0400", "02:00-0500", "03:00-0500"]

    def test_rule_01_a_weekly_pattern_keeps_its_local_hour(self) -> None:
        mondays = [date(2026, 3, 2), date(2026, 3, 9)]
        found = [next(slots_on(hours(), rules(), day)).start for day in mondays]
        assert found == [datetime(2026, 3, 2, 14, tzinfo=UTC), datetime(2026, 3, 9, 13, tzinfo=UTC)]

    def test_rule_01_a_closing_time_in_the_gap_is_the_moment_of_the_jump(self) -> None:
        jump = datetime(2026, 3, 8, 7, tzinfo=UTC)
        assert closing_instant(date(2026, 3, 8), 2.5 * HOUR, ZoneInfo("America/New_York")) == jump
        found = list(slots_on(hours(opens=1, closes=2.5), rules(30), date(2026, 3, 8)))
        assert [slot.start for slot in found] == [jump - HOUR, jump - HOUR / 2]

    def test_rule_01_a_day_that_a_zone_skips_offers_nothing(self) -> None:
        assert list(slots_on(hours("Pacific/Apia"), rules(), date(2011, 12, 30))) == []

    @given(
        zone=st.sampled_from(EVERY_ZONE),
        day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
        opens=st.integers(0, 23),
        length=st.integers(1, 24),
        minutes=st.sampled_from([15, 20, 30, 45, 60, 90]),
    )
    def test_rule_01_every_slot_shows_its_wall_clock_time_and_ends_in_time(
        self, zone: str, day: date, opens: int, length: int, minutes: int
    ) -> None:
        closes = min(opens + length, 24)
        found = list(slots_on(hours(zone, opens, closes), rules(minutes), day))
        local = [slot.start.astimezone(ZoneInfo(zone)) for slot in found]
        assert len({at.replace(tzinfo=None) for at in local}) == len(found)
        assert all(at.fold == 0 and at.date() == day for at in local)
        assert all((at.hour * 60 + at.minute - opens * 60) % minutes == 0 for at in local)
        assert all(slot.end - slot.start == minutes * MINUTE for slot in found)
        end = closing_instant(day, closes * HOUR, ZoneInfo(zone))
        assert all(slot.end <= end for slot in found)

    @given(zone=st.sampled_from(EVERY_ZONE), wall=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)))
    def test_rule_01_an_instant_shows_the_asked_time_or_does_not_exist(self, zone: str, wall: datetime) -> None:
        since = wall - datetime.combine(wall.date(), time())
        found = instant(wall.date(), since, ZoneInfo(zone))
        assert found is None or found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


class TestOverrides:
    def test_a_date_with_windows_replaces_the_weekly_ones(self) -> None:
        day = date(2026, 6, 1)
        special = Hours(Zones("UTC"), hours().weekly, {day: (Window(20 * HOUR, 22 * HOUR),)})
        assert starts(list(slots_on(special, rules(), day)), "UTC") == ["20:00+0000", "21:00+0000"]

    def test_a_date_without_windows_is_closed(self) -> None:
        day = date(2026, 6, 1)
        assert list(slots_on(Hours(Zones("UTC"), hours().weekly, {day: ()}), rules(), day)) == []


class TestRefusal:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    open_hours = hours("UTC")

    def check(self, start: datetime, **given_rules: object) -> StartRefused | None:
        return refusal(self.open_hours, rules(**given_rules), start, self.now)  # type: ignore[arg-type]  # fields by name

    def test_a_slot_is_accepted(self) -> None:
        assert self.check(datetime(2026, 6, 2, 9, tzinfo=UTC)) is None

    def test_rule_02_notice_is_elapsed_time_and_exactly_enough_is_enough(self) -> None:
        start = datetime(2026, 6, 2, 12, tzinfo=UTC)
        assert self.check(start, notice=24 * HOUR) is None
        assert self.check(start, notice=24 * HOUR + MINUTE) is StartRefused.TOO_SOON

    def test_the_past_is_too_soon(self) -> None:
        assert self.check(datetime(2026, 6, 1, 11, tzinfo=UTC)) is StartRefused.TOO_SOON

    def test_rule_02_the_horizon_counts_local_days(self) -> None:
        assert self.check(datetime(2026, 6, 4, 16, tzinfo=UTC), horizon_days=3) is None
        assert self.check(datetime(2026, 6, 5, 9, tzinfo=UTC), horizon_days=3) is StartRefused.BEYOND_HORIZON

    def test_off_the_grid_and_outside_hours_are_told_apart(self) -> None:
        assert self.check(datetime(2026, 6, 2, 9, 30, tzinfo=UTC)) is StartRefused.OFF_GRID
        assert self.check(datetime(2026, 6, 2, 17, tzinfo=UTC)) is StartRefused.OUTSIDE_HOURS


class TestBuffers:
    ten = datetime(2026, 6, 2, 10, tzinfo=UTC)

    def slot(self, start: datetime) -> Slot:
        return Slot(start, start + HOUR)

    def test_rule_02_back_to_back_is_free_without_buffers(self) -> None:
        assert not collides(self.slot(self.ten + HOUR), rules(), busy(self.slot(self.ten)))

    @pytest.mark.parametrize(
        ("after", "before", "gap", "taken"),
        [
            (15, 0, 14, True),
            (15, 0, 15, False),
            (0, 20, 19, True),
            (0, 20, 20, False),
            (15, 20, 19, True),
            (15, 20, 20, False),
        ],
    )
    def test_rule_02_the_larger_buffer_counts(self, after: int, before: int, gap: int, taken: bool) -> None:
        later = self.slot(self.ten + HOUR + gap * MINUTE)
        earlier = busy(self.slot(self.ten), after=after)
        assert collides(later, rules(buffer_before=before * MINUTE), earlier) is taken
        mirrored = busy(later, before=before)
        assert collides(self.slot(self.ten), rules(buffer_after=after * MINUTE), mirrored) is taken


class TestOpenSlots:
    day = date(2026, 6, 2)
    now = datetime(2026, 6, 2, 9, 30, tzinfo=UTC)

    def found(self, taken: list[Busy], slot_rules: SlotRules | None = None, days: int = 1) -> list[tuple[str, int]]:
        wanted, until = slot_rules or rules(), self.day + timedelta(days=days)
        slots = slots_between(hours("UTC", 9, 13), wanted, self.day, until, self.now)
        asked = open_slots(slots, wanted, Calendar(taken, SERVICE))
        return [(slot.start_time.strftime("%d %H:%M"), slot.available_spots) for slot in asked]

    def test_past_ones_are_left_out(self) -> None:
        assert self.found([]) == [("02 10:00", 1), ("02 11:00", 1), ("02 12:00", 1)]

    def test_full_ones_are_left_out_and_the_end_is_exclusive(self) -> None:
        taken = Slot(datetime(2026, 6, 2, 11, tzinfo=UTC), datetime(2026, 6, 2, 12, tzinfo=UTC))
        assert self.found([busy(taken)]) == [("02 10:00", 1), ("02 12:00", 1)]

    def test_seats_of_the_same_session_remain(self) -> None:
        taken = Slot(datetime(2026, 6, 2, 11, tzinfo=UTC), datetime(2026, 6, 2, 12, tzinfo=UTC))
        session = busy(taken, service_id=SERVICE, taken=2)
        assert self.found([session], rules(capacity=5)) == [("02 10:00", 5), ("02 11:00", 3), ("02 12:00", 5)]

    def test_the_horizon_ends_the_list(self) -> None:
        assert {entry[0][:2] for entry in self.found([], rules(horizon_days=1), days=5)} == {"02", "03"}

    @given(st.lists(st.integers(0, 60), max_size=12, unique=True), st.integers(0, 40), st.integers(0, 40))
    def test_the_calendar_answers_like_a_full_search(self, marks: list[int], before: int, after: int) -> None:
        base = datetime(2026, 6, 2, tzinfo=UTC)
        taken = [busy(Slot(base + m * HOUR, base + m * HOUR + 30 * MINUTE), before, after) for m in marks]
        asked = rules(buffer_before=after * MINUTE, buffer_after=before * MINUTE)
        slots = [Slot(base + offset * MINUTE, base + (offset + 60) * MINUTE) for offset in range(0, 60 * 60, 45)]
        for slot, spots in Calendar(taken, SERVICE).free(slots, asked):
            free = not any(collides(slot, asked, entry) for entry in taken)
            assert (spots > 0) is free

    def test_one_long_entry_costs_nothing(self) -> None:
        asked, base = rules(15), datetime(2026, 6, 2, tzinfo=UTC)
        slots = [Slot(base + number * 15 * MINUTE, base + (number + 1) * 15 * MINUTE) for number in range(2000)]
        short = [busy(slot) for slot in slots for _ in range(10)]
        long = busy(Slot(base - timedelta(days=365), base - timedelta(days=1)), after=1)

        def seconds(taken: list[Busy]) -> float:
            began = process_time()
            assert not any(spots for _, spots in Calendar(taken, SERVICE).free(slots, asked))
            return process_time() - began

        assert min(seconds([*short, long]) for _ in range(3)) < 3 * min(seconds(short) for _ in range(3))

    @pytest.mark.parametrize(("minutes", "days"), [(60, 31), (15, 20), (5, 6), (1, 1)])
    def test_an_answer_ends_before_its_2001st_start(self, minutes: int, days: int) -> None:
        until = latest_until(hours("UTC", 0, 24), rules(minutes), self.day, self.day + timedelta(days=31))
        assert (until - self.day).days == days
