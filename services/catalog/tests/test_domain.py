from decimal import Decimal

import pytest

from services.catalog.practitioners.domain import OUTCOMES, TRANSITIONS, VerificationStatus, completed_steps, next_step
from services.catalog.services.domain import highest_minor, lowest_minor, slot_interval


class TestPrices:
    @pytest.mark.parametrize(
        ("major", "currency", "lowest", "highest"),
        [
            ("12.50", "USD", 1250, 1250),
            ("12.505", "USD", 1251, 1250),
            ("0", "USD", 0, 0),
            ("500", "JPY", 500, 500),
            ("99.5", "JPY", 100, 99),
            ("1.2345", "KWD", 1235, 1234),
            ("99999999", "USD", 100_000_000, 100_000_000),
        ],
    )
    def test_bounds_in_major_units_become_minor_ones_inwards(self, major, currency, lowest, highest):
        assert lowest_minor(Decimal(major), currency) == lowest
        assert highest_minor(Decimal(major), currency) == highest


class TestSlotInterval:
    def test_follows_the_duration_unless_chosen(self):
        assert (slot_interval(None, 60), slot_interval(15, 60)) == (60, 15)


class TestOnboarding:
    @pytest.mark.parametrize(
        ("status", "has_service", "done", "following"),
        [
            (VerificationStatus.PENDING, False, ["profile"], "verification"),
            (VerificationStatus.NEEDS_CHANGES, False, [], "profile"),
            (VerificationStatus.REJECTED, False, ["profile"], "verification"),
            (VerificationStatus.APPROVED, False, ["profile", "verification"], "first_service"),
            (VerificationStatus.APPROVED, True, ["profile", "verification", "first_service"], None),
        ],
    )
    def test_the_next_step_is_the_first_that_is_missing(self, status, has_service, done, following):
        steps = completed_steps(status, has_service=has_service)
        assert (steps, next_step(steps)) == (done, following)


class TestTransitions:
    def test_every_status_is_in_the_table(self):
        assert set(TRANSITIONS) == set(VerificationStatus)

    def test_a_pending_application_can_have_every_outcome(self):
        assert TRANSITIONS[VerificationStatus.PENDING] == set(OUTCOMES.values())

    def test_nobody_is_approved_straight_after_a_rejection(self):
        assert VerificationStatus.APPROVED not in TRANSITIONS[VerificationStatus.REJECTED]
