"""Windows that end on the next day, and hours that are read in another zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.schedules.domain import (
    ClosedDates,
    Hours,
    Window,
    ZoneChange,
    Zones,
    first_day,
    latest_until,
    slots_between,
    slots_on,
)
from services.booking.schedules.starts import refusal
from services.booking.tests.test_schedules_domain import EVERY_ZONE, HOUR, MINUTE, hours, rules, starts


class TestWindowsOverMidnight:
    """22:00 to 02:00, and days that meet at midnight."""

    zone = "Europe/Berlin"

    def night(self, opens: float = 22, closes: float = 26, zone: str = "Europe/Berlin") -> Hours:
        return hours(zone, opens, closes)

    def found(self, asked: Hours, day: date, minutes: int = 60) -> list[str]:
        return starts(list(slots_on(asked, rules(minutes), day)), self.zone)

    def test_bk_6_a_window_belongs_to_the_day_it_starts_on(self) -> None:
        nights = ["22:00+0200", "23:00+0200", "00:00+0200", "01:00+0200"]
        assert self.found(self.night(), date(2026, 6, 1)) == nights
        closed = Hours(Zones(self.zone), self.night().weekly, {date(2026, 6, 2): ()})
        assert self.found(closed, date(2026, 6, 1)) == nights
        assert self.found(closed, date(2026, 6, 2)) == []

    def test_bk_6_the_spring_gap_has_no_slot_and_the_autumn_hour_one(self) -> None:
        asked = self.night(closes=28)
        spring, autumn = self.found(asked, date(2026, 3, 28)), self.found(asked, date(2026, 10, 24))
        assert spring == ["22:00+0100", "23:00+0100", "00:00+0100", "01:00+0100", "03:00+0200"]
        assert autumn == ["22:00+0200", "23:00+0200", "00:00+0200", "01:00+0200", "02:00+0200", "03:00+0100"]

    def test_bk_6_where_24_00_meets_00_00_a_slot_runs_across(self) -> None:
        meeting = Hours(
            Zones(self.zone),
            {0: (Window(22 * HOUR, 24 * HOUR),), 1: (Window(timedelta(0), HOUR), Window(HOUR, 2 * HOUR))},
            {},
        )
        monday = list(slots_on(meeting, rules(60, interval=30 * MINUTE), date(2026, 6, 1)))
        assert starts(monday, self.zone) == ["22:00+0200", "22:30+0200", "23:00+0200", "23:30+0200"]
        tuesday = list(slots_on(meeting, rules(60, interval=30 * MINUTE), date(2026, 6, 2)))
        assert starts(tuesday, self.zone) == ["00:00+0200", "01:00+0200"]

    def test_bk_6_a_slot_of_a_day_runs_through_the_days_that_join(self) -> None:
        asked = hours(self.zone, 0, 24)
        assert len(list(slots_on(asked, rules(24 * 60, interval=HOUR), date(2026, 6, 1)))) == 24
        closed = Hours(asked.zones, asked.weekly, {date(2026, 6, 2): ()})
        assert self.found(closed, date(2026, 6, 1), 24 * 60) == ["00:00+0200"]

    def test_bk_6_a_date_with_windows_of_its_own_offers_no_start_twice(self) -> None:
        day, now = date(2026, 6, 2), datetime(2026, 5, 1, tzinfo=UTC)
        asked = Hours(Zones(self.zone), self.night().weekly, {day: (Window(HOUR, 3 * HOUR),)})
        found = slots_between(asked, rules(), date(2026, 6, 1), day + timedelta(days=1), now)
        local = ["22:00+0200", "23:00+0200", "00:00+0200", "01:00+0200", "02:00+0200"]
        assert starts(found, self.zone) == local

    def test_what_is_left_of_yesterday_s_window_is_offered_today(self) -> None:
        now = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)
        today = date(2026, 6, 2)
        first = first_day(self.night(), today, now)
        found = slots_between(self.night(), rules(), first, today, now)
        assert starts(found, self.zone) == ["01:00+0200"]
        assert first_day(self.night(), today, now + 2 * HOUR) == today
        assert first_day(self.night(), today + timedelta(days=1), now) == today + timedelta(days=1)

    @pytest.mark.parametrize(("minutes", "days"), [(60, 31), (15, 20)])
    def test_an_answer_ends_before_its_2001st_start(self, minutes: int, days: int) -> None:
        first = date(2026, 6, 1)
        asked, of = hours("UTC", 0, 24), rules(60, interval=minutes * MINUTE)
        until = latest_until(asked, of, first, first + timedelta(days=31))
        assert (until - first).days == days
        assert (
            len(slots_between(asked, of, first, until, datetime(2026, 5, 30, tzinfo=UTC))) == days * 24 * 60 // minutes
        )


class TestZoneChanges:
    """From 10 to 20 June the hours are read in Tokyo."""

    changes = (ZoneChange(date(2026, 6, 10), date(2026, 6, 20), "Asia/Tokyo"),)
    now = datetime(2026, 6, 1, tzinfo=UTC)

    def flying(self, opens: float = 9, closes: float = 17) -> Hours:
        return Hours(Zones("Europe/Berlin", self.changes), hours(opens=opens, closes=closes).weekly, {})

    def test_the_same_hours_are_read_in_the_zone_of_the_date(self) -> None:
        days = [date(2026, 6, day) for day in (9, 10, 19, 20)]
        found = [next(slots_on(self.flying(), rules(), day)).start for day in days]
        assert [start.hour for start in found] == [7, 0, 0, 7]

    def test_bk_6_no_start_is_offered_twice_on_the_way_there(self) -> None:
        found = slots_between(self.flying(0, 24), rules(), date(2026, 6, 9), date(2026, 6, 11), self.now)
        assert [slot.start for slot in found] == [datetime(2026, 6, 8, 22, tzinfo=UTC) + n * HOUR for n in range(41)]

    def test_midnights_that_do_not_meet_are_not_joined(self) -> None:
        across = rules(120)
        there = list(slots_on(self.flying(23, 24), across, date(2026, 6, 9)))
        back = list(slots_on(self.flying(0, 24), rules(90, interval=90 * MINUTE), date(2026, 6, 19)))
        assert there == []
        assert back[-1].end == datetime(2026, 6, 19, 15, tzinfo=UTC)

    def test_a_closed_date_is_one_of_the_zone_in_force(self) -> None:
        closed = ClosedDates(Zones("Europe/Berlin", self.changes), frozenset({date(2026, 6, 12)}))
        begins = datetime(2026, 6, 11, 15, tzinfo=UTC)
        assert not closed.touch(begins - HOUR, begins)
        assert closed.touch(begins - HOUR, begins + MINUTE)
        assert closed.touch(begins + 23 * HOUR, begins + 24 * HOUR)
        assert not closed.touch(begins + 24 * HOUR, begins + 25 * HOUR)

    @given(
        opens=st.integers(0, 23),
        length=st.integers(1, 24),
        minutes=st.sampled_from([15, 30, 45, 60, 90]),
        interval=st.sampled_from([15, 30, 60]),
        zones=st.tuples(st.sampled_from(EVERY_ZONE), st.sampled_from(EVERY_ZONE)),
        month=st.sampled_from([3, 6, 10, 11]),
    )
    def test_what_is_offered_is_what_can_be_booked(
        self, opens: int, length: int, minutes: int, interval: int, zones: tuple[str, str], month: int
    ) -> None:
        first, now = date(2026, month, 5), datetime(2026, month, 1, tzinfo=UTC)
        change = ZoneChange(date(2026, month, 7), date(2026, month, 9), zones[1])
        asked = Hours(Zones(zones[0], (change,)), hours(opens=opens, closes=opens + length).weekly, {})
        of = rules(minutes, interval=interval * MINUTE)
        found = slots_between(asked, of, first, date(2026, month, 11), now)
        assert found == sorted(set(found), key=lambda slot: slot.start)
        assert all(refusal(asked, of, slot.start, now) is None for slot in found)
        offered, begin = {slot.start for slot in found}, datetime(2026, month, 6, 14, tzinfo=UTC)
        for start in (begin + number * 15 * MINUTE for number in range(3 * 96)):
            assert (refusal(asked, of, start, now) is None) is (start in offered)
