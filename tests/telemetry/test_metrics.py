"""What an operator looks at is there after a checkout, under bounded labels."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.telemetry.story import Story

pytestmark = [pytest.mark.journey, pytest.mark.slow]
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|@")


def samples(story: Story, name: str, **labels: str) -> list[float]:
    """The values of the series with these labels among theirs."""
    families = text_string_to_metric_families(story.metrics)
    found = [sample for family in families for sample in family.samples if sample.name == name]
    return [sample.value for sample in found if labels.items() <= sample.labels.items()]


def test_rate_errors_and_duration_by_route(story: Story):
    for service, route in (("gateway", "/api/v1/bookings"), ("booking", "/api/v1/bookings/")):
        asked = {"service": service, "route": route, "method": "POST"}
        assert samples(story, "estuary_http_requests_total", **asked, status="201") == [2]
        assert samples(story, "estuary_http_request_seconds_count", **asked) == [2]


@pytest.mark.parametrize("schema", ["identity", "booking", "payments", "notifications"])
def test_outbox_and_parked_events_of_every_schema(story: Story, schema: str):
    assert samples(story, "estuary_outbox_sent_events_total", schema=schema)[0] >= 1
    assert samples(story, "estuary_outbox_oldest_seconds", schema=schema)[0] < 60
    assert len(samples(story, "estuary_outbox_waiting_events", schema=schema)) == 1
    assert samples(story, "estuary_inbox_parked_now_events", schema=schema) == [0]
    assert samples(story, "estuary_worker_leader", schema=schema) == [1]


def test_jobs_that_did_something_have_a_duration(story: Story):
    assert samples(story, "estuary_jobs_run_seconds_count", schema="notifications", job="send_awaited_mails")[0] >= 1


def test_money_and_checkouts(story: Story):
    booked, premium_of_the_demo = 12500, 7900
    charged = samples(story, "estuary_payments_moved_minor_units_total", what="charged", currency="USD")
    assert charged == [booked + premium_of_the_demo]
    assert samples(story, "estuary_booking_open_checkouts", state="awaiting") == [0]
    assert samples(story, "estuary_booking_oldest_checkout_seconds") == [0]


def test_no_label_grows_with_people_or_bookings(story: Story):
    lines = [line for line in story.metrics.splitlines() if not line.startswith("#")]
    assert not [line for line in lines if ID.search(line)]
