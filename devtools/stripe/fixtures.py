"""Fixtures of every test that has a Stripe sandbox of its own."""

from collections.abc import Iterator

import pytest

from devtools.stripe.mock import StripeMock, find
from devtools.stripe.watched import Verdict


@pytest.fixture(scope="session")
def stripe_verdict() -> Iterator[Verdict]:
    """Stripe's schema, and stripe-mock where it is installed."""
    program = find()
    mock = StripeMock(program) if program else None
    yield Verdict(mock)
    if mock is not None:
        mock.stop()


@pytest.fixture
def as_stripe_publishes(stripe_verdict: Verdict) -> Iterator[None]:
    """Fails a test in which the sandbox, or a call of ours to it, was not as Stripe publishes it."""
    yield
    stripe_verdict.demand_none()
