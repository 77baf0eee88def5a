from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.channels.mail.domain import BACK_OFF, MAIL_ATTEMPTS, MailStatus, batch_size, outcome
from services.notifications.reminders.domain import (
    Decision,
    ReminderContext,
    ReminderStatus,
    decide,
    first_status,
    kind_of,
    minutes_of,
)

START = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)
DAY, HALF_HOUR = 1440, 30


def context(minutes: int, **changes: object) -> ReminderContext:
    booking = {"booking_status": "confirmed", "booking_version": 1, "start_time": START}
    given = {"minutes": minutes, "all_minutes": (DAY, HALF_HOUR), "version": 1, **booking}
    return ReminderContext(**(given | changes))  # type: ignore[arg-type]  # fields by name


class TestDecide:
    @pytest.mark.parametrize(
        ("kind", "before", "decision"),
        [
            (DAY, timedelta(hours=24, seconds=1), Decision.WAIT),
            (DAY, timedelta(hours=24), Decision.SEND),
            (DAY, timedelta(hours=3), Decision.SEND),
            (DAY, timedelta(minutes=30), Decision.SKIP),
            (HALF_HOUR, timedelta(minutes=31), Decision.WAIT),
            (HALF_HOUR, timedelta(minutes=30), Decision.SEND),
            (HALF_HOUR, timedelta(seconds=1), Decision.SEND),
            (HALF_HOUR, timedelta(0), Decision.SKIP),
        ],
    )
    def test_rule_19_reminders_late_but_useful_is_sent_useless_is_skipped(self, kind, before, decision):
        assert decide(context(kind), START - before) is decision

    def test_rule_19_reminders_of_an_older_start_are_skipped(self):
        assert decide(context(DAY, booking_version=2), START - timedelta(hours=24)) is Decision.SKIP

    @pytest.mark.parametrize("status", ["cancelled", "expired", "completed"])
    def test_rule_19_reminders_of_what_is_not_confirmed_are_skipped(self, status):
        assert decide(context(DAY, booking_status=status), START - timedelta(hours=24)) is Decision.SKIP


class TestKinds:
    @pytest.mark.parametrize(("minutes", "kind"), [(DAY, "24h"), (30, "30m"), (90, "90m"), (20160, "336h")])
    def test_hours_where_they_are_whole(self, minutes, kind):
        assert (kind_of(minutes), minutes_of(kind)) == (kind, minutes)


class TestFirstStatus:
    def test_rule_19_reminders_whose_moment_passed_before_the_booking_are_skipped(self):
        made_at = START - timedelta(hours=23)
        assert first_status(DAY, START, made_at) is ReminderStatus.SKIPPED
        assert first_status(HALF_HOUR, START, made_at) is ReminderStatus.SCHEDULED


class TestMailRetries:
    def test_pauses_double_up_to_an_hour(self):
        assert [BACK_OFF.longest(tries) for tries in (1, 2, 3, 20)] == [5, 10, 20, 3600]

    @pytest.mark.parametrize(("seconds", "number"), [(0.0, 10), (0.1, 10), (0.25, 8), (1.0, 2), (9.0, 1)])
    def test_a_slow_server_gets_few_at_a_time_so_that_each_is_still_true(self, seconds, number):
        assert batch_size(seconds) == number

    def test_a_mail_is_given_up_after_the_last_attempt_or_a_final_refusal(self):
        assert outcome(1, permanent=False) is MailStatus.PENDING
        assert outcome(MAIL_ATTEMPTS, permanent=False) is MailStatus.FAILED
        assert outcome(1, permanent=True) is MailStatus.FAILED
