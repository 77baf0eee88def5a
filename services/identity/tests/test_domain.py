from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.accounts.domain import roles_of
from services.identity.keys.domain import ACCESS_TTL, CLOCK_LEEWAY, published_from, signing_key_at
from services.identity.sessions.domain import (
    REFRESH_TTL,
    EndReason,
    RefreshAttempt,
    RefreshResult,
    evaluate_refresh,
    new_refresh_token,
    refresh_expiry,
    successor_of,
)

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def attempt(**changes):
    fresh = {
        "used_at": None,
        "successor_used": False,
        "expires_at": NOW + DAY,
        "session_expires_at": NOW + 30 * DAY,
        "end_reason": None,
    }
    return RefreshAttempt(**{**fresh, **changes})


class TestEvaluateRefresh:
    @pytest.mark.parametrize(
        ("changes", "result"),
        [
            ({}, RefreshResult.ROTATE),
            ({"used_at": NOW - 10 * SECOND}, RefreshResult.SAME_SUCCESSOR),
            ({"used_at": NOW - 11 * SECOND}, RefreshResult.REUSED),
            ({"used_at": NOW - SECOND, "successor_used": True}, RefreshResult.REUSED),
            ({"expires_at": NOW}, RefreshResult.EXPIRED),
            ({"session_expires_at": NOW}, RefreshResult.EXPIRED),
            ({"used_at": NOW - DAY, "expires_at": NOW - SECOND}, RefreshResult.REUSED),
            ({"end_reason": EndReason.LOGOUT}, RefreshResult.ENDED),
            ({"end_reason": EndReason.LOGOUT, "used_at": NOW - DAY}, RefreshResult.ENDED),
            ({"end_reason": EndReason.REFRESH_REUSED}, RefreshResult.REUSED),
        ],
    )
    def test_each_case_has_one_result(self, changes, result):
        assert evaluate_refresh(attempt(**changes), NOW) is result


class TestRefreshExpiry:
    def test_slides_seven_days(self):
        assert refresh_expiry(NOW, NOW + 90 * DAY) == NOW + REFRESH_TTL

    def test_never_passes_the_sessions_end(self):
        assert refresh_expiry(NOW, NOW + DAY) == NOW + DAY


class TestSuccessor:
    def test_the_same_token_and_key_give_the_same_successor(self):
        assert successor_of("token", b"key") == successor_of("token", b"key")

    def test_tokens_have_256_bits(self):
        first = new_refresh_token()
        for token in (first, successor_of(first, b"key")):
            assert len(urlsafe_b64decode(f"{token}=")) * 8 == 256
        assert len({new_refresh_token() for _ in range(100)}) == 100

    def test_another_key_gives_another_successor(self):
        assert successor_of("token", b"key") != successor_of("token", b"other")


class TestRoles:
    def test_everyone_is_a_user(self):
        assert roles_of(practitioner=False, staff=False, superuser=False) == ["user"]

    def test_a_superuser_is_staff(self):
        assert roles_of(practitioner=True, staff=False, superuser=True) == [
            "user",
            "practitioner",
            "staff",
            "superuser",
        ]


STARTS = [NOW - 30 * DAY, NOW - 2 * SECOND, NOW + 600 * SECOND]


class TestSigningKeys:
    def test_the_newest_that_has_started_signs(self):
        assert signing_key_at(STARTS, NOW) == 1

    def test_a_key_stays_published_while_a_token_of_it_may_live(self):
        assert published_from(STARTS, NOW) == 0

    def test_a_key_goes_when_its_successor_has_signed_for_a_tokens_life(self):
        assert published_from(STARTS, NOW + ACCESS_TTL + CLOCK_LEEWAY) == 1
