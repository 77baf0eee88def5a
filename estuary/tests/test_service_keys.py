"""Where a process has its key from, and what is refused before it starts."""

from collections.abc import Mapping

import pytest

from estuary.run.service_keys import derived, derived_environment, fresh, tokens_of
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from shared.auth.service_tokens import new_key, public_half
from shared.settings import SettingsError

SECRET = "one secret of more than thirty-two characters"
REAL = {"STRIPE_SECRET_KEY": "sk_live_x", "SMTP_URL": "smtps://mail.example.com", "ESTUARY_SERVICE_KEY": SECRET}


def settings(env: Mapping[str, str]) -> EstuarySettings:
    return EstuarySettings.of(env)


def printed(*names: str) -> dict[str, str]:
    """What `estuary service-keys` prints, as an environment."""
    return dict(line.split("=", 1) for line in fresh(names))


def test_with_the_stand_ins_all_keys_follow_from_one_secret():
    env = {"ESTUARY_SERVICE_KEY": SECRET}
    booking, payments = (tokens_of(name, settings(env), env) for name in ("booking", "payments"))
    assert payments.caller(booking.token("payments")) == "booking"
    assert derived("payments", SECRET).caller(booking.token("payments")) == "booking"


def test_what_is_printed_is_what_processes_need():
    env = REAL | printed(*SERVICES, "gateway")
    booking, payments = (tokens_of(name, settings(env), env) for name in ("booking", "payments"))
    assert payments.caller(booking.token("payments")) == "booking"


def test_a_printed_key_is_fresh_each_time():
    assert printed("booking") != printed("booking")


def test_a_cluster_gives_each_process_its_own_key_alone():
    env = derived_environment("booking", SECRET)
    assert set(env) == {"BOOKING_SERVICE_KEY", "ESTUARY_SERVICE_KEYS"}
    token = tokens_of("booking", settings(REAL | env), REAL | env).token("payments")
    assert derived("payments", SECRET).caller(token) == "booking"


def refused(env: Mapping[str, str]) -> str:
    with pytest.raises(SettingsError) as error:
        tokens_of("booking", settings(env), env)
    return str(error.value)


class TestRefused:
    def test_without_stand_ins_one_secret_is_not_enough(self):
        assert refused(REAL).startswith("ESTUARY_SERVICE_KEYS: with a real Stripe key each service")

    def test_nothing_at_all(self):
        assert refused({}).startswith("ESTUARY_SERVICE_KEY: a process of its own needs it")

    def test_public_halves_without_an_own_key(self):
        env = printed("booking")
        del env["BOOKING_SERVICE_KEY"]
        assert refused(env).startswith("BOOKING_SERVICE_KEY: needed")

    def test_an_own_key_that_the_others_do_not_know(self):
        key = new_key()
        message = refused(printed("booking") | {"BOOKING_SERVICE_KEY": key})
        assert message.startswith("BOOKING_SERVICE_KEY: its public half is not there")
        assert key not in message

    def test_a_private_key_that_is_none(self):
        assert refused(printed("booking") | {"BOOKING_SERVICE_KEY": "secret"}).startswith("BOOKING_SERVICE_KEY: ")

    @pytest.mark.parametrize(
        ("keys", "reason"),
        [
            ("library=abc", "there is no service library"),
            ("booking", "the key of booking"),
            ("booking=abc", "the key of booking"),
            (f"booking={public_half(new_key())}|", "the key of booking"),
        ],
        ids=["no service", "no key", "a short key", "an empty second key"],
    )
    def test_public_halves_that_are_none(self, keys: str, reason: str):
        assert refused({"ESTUARY_SERVICE_KEYS": keys}).startswith(f"ESTUARY_SERVICE_KEYS: {reason}")

    def test_a_name_that_nobody_has(self):
        with pytest.raises(SettingsError, match="there is no service library"):
            fresh(["library"])
