"""A checkout is one trace: every span has its parent in it, across gateway, services, events and consumers."""

import pytest

from tests.telemetry.collector import Span
from tests.telemetry.story import Story

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def trace(story: Story, name: str) -> dict[str, Span]:
    return {span.id: span for span in story.collector.trace(story.traces[name])}


def test_a_checkout_is_one_tree_under_the_gateways_span(story: Story):
    spans = trace(story, "free")
    roots = [span for span in spans.values() if not span.parent]
    assert [(root.service, root.kind, root.name) for root in roots] == [
        ("estuary-gateway", "SERVER", "POST /api/v1/bookings")
    ]
    orphans = [span.name for span in spans.values() if span.parent and span.parent not in spans]
    assert orphans == []


def test_it_goes_through_gateway_booking_payments_events_and_notifications(story: Story):
    seen = {(span.service, span.kind, span.name) for span in trace(story, "free").values()}
    assert {
        ("estuary-booking", "SERVER", "POST /api/v1/bookings/"),
        ("estuary-booking", "CLIENT", "PUT payments /internal/orders/{id}/"),
        ("estuary-payments", "SERVER", "PUT /internal/orders/{order_id}/"),
        ("estuary-booking", "PRODUCER", "publish BookingConfirmed"),
        ("estuary-payments", "CONSUMER", "handle BookingConfirmed"),
        ("estuary-notifications", "CONSUMER", "handle BookingConfirmed"),
    } <= seen


def test_a_handler_follows_its_event_and_the_event_its_request(story: Story):
    spans = trace(story, "free")
    handled = next(span for span in spans.values() if span.name == "handle BookingConfirmed")
    published = spans[handled.parent]
    assert (published.service, published.name) == ("estuary-booking", "publish BookingConfirmed")
    assert published.attributes["messaging.destination.name"] == "estuary.booking"
    asked = spans[published.parent]  # the request, or the handler of payments' event, whichever confirmed first
    while (asked.service, asked.kind) != ("estuary-booking", "SERVER"):
        asked = spans[asked.parent]
    assert asked.attributes["http.route"] == "/api/v1/bookings/"
    assert asked.attributes["http.response.status_code"] == 201
    assert spans[asked.parent].service == "estuary-gateway"


def test_calls_to_stripe_are_seen_and_a_decline_is_marked(story: Story):
    paid = trace(story, "paid")
    assert "stripe PaymentIntentService.create_async" in {span.name for span in paid.values()}
    declined = [span for span in trace(story, "declined").values() if span.name.startswith("stripe ")]
    assert [(span.kind, span.failed) for span in declined] == [("CLIENT", True)]
    assert declined[0].attributes["error.type"] == "CardError"


def test_a_payment_reaches_booking_and_notifications_in_the_trace_of_who_brought_it(story: Story):
    """Either the client's confirm call or Stripe's webhook is first; what follows is one trace with it.

    One is of the demo's subscription, of which nobody is notified.
    """
    published = [span for span in story.collector.spans if span.name == "publish PaymentSucceeded"]
    services = [{span.service for span in story.collector.trace(one.trace)} for one in published]
    wanted = {"estuary-payments", "estuary-booking", "estuary-notifications"}
    assert [wanted <= found for found in services].count(False) == 1, services
    assert len(services) > 1


def test_spans_carry_no_personal_data_and_no_id(story: Story):
    said = "\n".join(f"{span.name} {span.attributes}" for span in story.collector.spans)
    assert not [secret for secret in story.secrets if secret in said]
    routes = {span.attributes.get("http.route", "") for span in story.collector.spans}
    assert not [
        route for route in routes if route.startswith("/health") or any(map(str.isdigit, route.replace("v1", "")))
    ]


def test_idle_jobs_and_health_checks_are_not_sent(story: Story):
    names = [span.name for span in story.collector.spans]
    assert not [name for name in names if "/health" in name or name == "job measure"]
