"""Nothing that a person would not want to read in a log, at the most talkative level."""

import json

import pytest

from tests.telemetry.story import Story

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def lines(story: Story) -> list[dict[str, object]]:
    return [json.loads(line) for line in story.log.splitlines() if line.startswith("{")]


def test_no_line_contains_anything_personal_or_secret(story: Story):
    assert len(lines(story)) > 20
    found = [line for line in story.log.splitlines() for secret in story.secrets if secret.lower() in line.lower()]
    assert found == []
    assert "_secret_" not in story.log
    assert "eyJ" not in story.log


def test_requests_are_found_by_their_trace_in_every_service(story: Story):
    by_service = {str(line.get("service")) for line in lines(story) if line.get("trace_id") == story.traces["paid"]}
    assert {"gateway", "booking", "payments"} <= by_service


def test_everything_but_the_banner_is_json(story: Story):
    begun = [line for line in story.log.splitlines() if line.startswith("{")]
    assert all(json.loads(line).keys() >= {"event", "level", "timestamp"} for line in begun)
    assert "Traceback" not in [line[:9] for line in story.log.splitlines()]
