"""What an operator looks at is there after a checkout, under bounded labels."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.telemetry.story import Story

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("telemetry")]
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|@")


def samples(story: Story, name: str) -> dict[tuple[str, ...], float]:
    """The values of one series, by the values of its labels."""
    families = text_string_to_metric_families(story.metrics)
    found = [sample for family in families for sample in family.samples if sample.name == name]
    assert found, name
    return {tuple(sample.labels.values()): sample.value for sample in found}


def test_rate_errors_and_duration_by_route(story: Story):
    assert samples(story, "estuary_http_requests_total")["gateway", "/api/v1/bookings", "POST", "201"] == 2
    assert samples(story, "estuary_http_requests_total")["booking", "/api/v1/bookings/", "POST", "201"] == 2
    assert samples(story, "estuary_http_request_seconds_count")["booking", "/api/v1/bookings/", "POST"] == 2


def test_outbox_parked_events_and_leaders_of_every_schema(story: Story):
    for name in (
        "estuary_outbox_waiting_events",
        "estuary_outbox_oldest_seconds",
        "estuary_inbox_parked_now_events",
        "estuary_worker_leader",
    ):
        assert {("booking",), ("payments",), ("notifications",), ("identity",)} <= samples(story, name).keys()
    assert samples(story, "estuary_outbox_sent_events_total")["booking",] >= 2
    assert samples(story, "estuary_jobs_run_seconds_count")["notifications", "send_mails"] >= 1


def test_money_and_checkouts(story: Story):
    assert samples(story, "estuary_payments_moved_minor_units_total")["charged", "USD"] == 12500
    open_ = samples(story, "estuary_booking_open_checkouts")
    assert set(open_.values()) == {0.0}
    assert samples(story, "estuary_booking_oldest_checkout_seconds")[()] == 0.0


def test_no_label_grows_with_people_or_bookings(story: Story):
    told = [line for line in story.metrics.splitlines() if not line.startswith("#")]
    assert not [line for line in told if ID.search(line)]
