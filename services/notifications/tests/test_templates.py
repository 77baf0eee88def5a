from datetime import UTC, datetime, timedelta
from string import Template

import pytest

from services.notifications.templates.domain import in_zone, zone_of
from services.notifications.templates.phrases import length, money, refund, remaining
from services.notifications.templates.service import render
from services.notifications.templates.texts import TEXTS
from shared.records.money import Money

NAMES = """service title remaining cancelled_by refund amount reason name note stream post subject count seats
    order price dispute payout link account_address plan dates""".split()
BEFORE, AFTER = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 7, 14, 0, tzinfo=UTC)
PARAMS = dict.fromkeys(NAMES, "x") | {"start": "2026-12-07T14:00:00Z", "previous_start": "2026-12-06T14:00:00Z"}
PARAMS |= {"until": "2026-12-08T14:00:00Z", "wanted_start": "2026-12-07T16:00:00Z"}


class TestRender:
    def test_times_are_in_the_readers_zone_which_is_named(self):
        text = render("booking.confirmed/client", PARAMS, "America/New_York", BEFORE)
        assert "It starts on Monday 7 December 2026, 09:00 (America/New_York)." in text.body

    def test_after_the_start_it_says_that_it_started(self):
        text = render("booking.confirmed/client", PARAMS, "UTC", AFTER)
        assert "was confirmed. It started on Monday 7 December 2026, 14:00 (UTC)." in text.body

    @pytest.mark.parametrize("template", sorted(TEXTS))
    def test_nothing_that_has_begun_is_said_to_start(self, template):
        said = render(template, PARAMS, "UTC", AFTER).body
        assert "starts on" not in said

    @pytest.mark.parametrize(
        ("moment", "said"),
        [
            ("2026-10-25T00:30:00Z", "Sunday 25 October 2026, 02:30 (Europe/Berlin, UTC+02:00)"),
            ("2026-10-25T01:30:00Z", "Sunday 25 October 2026, 02:30 (Europe/Berlin, UTC+01:00)"),
            ("2026-10-25T02:30:00Z", "Sunday 25 October 2026, 03:30 (Europe/Berlin)"),
            ("2026-03-29T01:30:00Z", "Sunday 29 March 2026, 03:30 (Europe/Berlin)"),
        ],
    )
    def test_an_hour_that_comes_twice_names_its_offset(self, moment, said):
        assert in_zone(moment, zone_of("Europe/Berlin")) == said

    def test_an_unknown_zone_reads_utc(self):
        assert "14:00 (UTC)" in render("booking.confirmed/client", PARAMS, "Mars/Olympus", BEFORE).body

    def test_a_title_is_one_line_whatever_the_service_is_called(self):
        text = render("booking.confirmed/client", PARAMS | {"service": "Yoga\r\nBcc: all@example.org"}, "UTC", BEFORE)
        assert text.title == "Booking confirmed: Yoga Bcc: all@example.org"

    def test_a_service_named_like_a_variable_stays_as_it_is(self):
        assert "$start" in render("booking.confirmed/client", PARAMS | {"service": "$start"}, "UTC", BEFORE).title

    @pytest.mark.parametrize("template", sorted(TEXTS))
    def test_every_template_has_its_facts(self, template):
        text = render(template, PARAMS, "UTC", BEFORE)
        assert text.title
        assert not Template(text.title + text.body).get_identifiers()


class TestPhrases:
    @pytest.mark.parametrize(
        ("span", "said"),
        [
            (timedelta(hours=24), "24 hours"),
            (timedelta(hours=23, minutes=59, seconds=58), "24 hours"),
            (timedelta(minutes=30), "30 minutes"),
            (timedelta(seconds=20), "1 minute"),
            (timedelta(minutes=91), "2 hours"),
        ],
    )
    def test_remaining_time_is_rounded(self, span, said):
        assert remaining(span) == said

    @pytest.mark.parametrize(
        ("minutes", "said"), [(60, "1 hour"), (45, "45 minutes"), (90, "1 hour 30 minutes"), (1, "1 minute")]
    )
    def test_a_length_is_exact(self, minutes, said):
        assert length(timedelta(minutes=minutes)) == said

    def test_money_has_the_digits_of_its_currency(self):
        assert money(Money(12505, "USD")) == "125.05 USD"
        assert money(Money(500, "JPY")) == "500 JPY"
        assert money(Money(12_050, "KWD")) == "12.050 KWD"

    def test_a_refund_names_both_ways_back(self):
        assert refund(Money(100, "USD"), Money(200, "USD")) == "1.00 USD to the card and 2.00 USD as credits"
        assert refund(Money(0, "USD"), Money(0, "USD")) == "nothing"
