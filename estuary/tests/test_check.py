"""Settings with which a real install is not safe: each is refused by its name, and the right ones are not."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from estuary.checklist.check import UnsafeSettings, check, demand_safe
from estuary.checklist.secrets import PUBLIC
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from shared.settings import SettingsError

ROOT = Path(__file__).parents[2]
RIGHT = {
    "DATABASE_URL": "postgresql://estuary:Vp3nQe81@db.example.com:5432/estuary?sslmode=verify-full&sslrootcert=/ca.pem",
    "KAFKA_BOOTSTRAP_SERVERS": "kafka-1.example.com:9093,kafka-2.example.com:9093",
    "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "KAFKA_SASL_USERNAME": "estuary",
    "KAFKA_SASL_PASSWORD": "Hw7u2Lz9c4",
    "ESTUARY_SERVICE_KEY": "0f6d2c1b9a8e7d6c5b4a39281706f5e4d3c2b1a0",
    "IDENTITY_KEYS": "2026:Zm9ydHktdHdvLWJ5dGVzLWFyZS10b28tbWFueS1ieXQ=",
    "IDENTITY_SECRET": "9b1d3f5a7c9e1b3d5f7a9c1e3b5d7f9a1c3e5b7d",
    "STRIPE_SECRET_KEY": "sk_live_51Hxyz0000000000000000000000",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_51Hxyz0000000000000000000000",
    "STRIPE_WEBHOOK_SECRET": "whsec_2b4d6f8a0c2e4a6c8e0a2c4e6a8c0e2a",
    "SMTP_URL": "smtps://estuary:Mk5tR2wd@mail.example.com:465",
    "LIVEKIT_URL": "wss://video.example.com",
    "LIVEKIT_API_KEY": "APIx7Fh29sKq",
    "LIVEKIT_API_SECRET": "q8w7e6r5t4z3u2i1o0p9a8s7d6f5g4h3j2k1",
}
DATABASE = "postgresql://estuary:Vp3nQe81@db.example.com/estuary"
WRONG: dict[str, tuple[dict[str, str], str]] = {
    "Postgres elsewhere, TLS only if it likes": ({"DATABASE_URL": DATABASE}, "DATABASE_URL"),
    "TLS to Postgres forbidden": ({"DATABASE_URL": f"{DATABASE}?sslmode=disable"}, "DATABASE_URL"),
    "TLS in the spelling of one driver alone": ({"DATABASE_URL": f"{DATABASE}?ssl=require"}, "DATABASE_URL"),
    "one of two hosts elsewhere": ({"DATABASE_URL": "postgresql://localhost,db.example.com/estuary"}, "DATABASE_URL"),
    "a service's own database": ({"PAYMENTS_DATABASE_URL": "postgresql://db.example.com/pay"}, "PAYMENTS_DATABASE_URL"),
    "the password of the compose file": (
        {"DATABASE_URL": "postgresql://estuary:estuary-development@localhost/estuary"},
        "DATABASE_URL",
    ),
    "Kafka in the clear": ({"KAFKA_SECURITY_PROTOCOL": ""}, "KAFKA_SECURITY_PROTOCOL"),
    "Kafka's password in the clear": ({"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "KAFKA_SECURITY_PROTOCOL"),
    "no password for Kafka": ({"KAFKA_SASL_PASSWORD": ""}, "KAFKA_SASL_PASSWORD"),
    "no user for Kafka": ({"KAFKA_SASL_USERNAME": ""}, "KAFKA_SASL_USERNAME"),
    "an authority that is not there": ({"KAFKA_CA_FILE": "/nowhere/ca.pem"}, "KAFKA_CA_FILE"),
    "a mechanism that nobody has": ({"KAFKA_SASL_MECHANISM": "GUESS"}, "KAFKA_SASL_MECHANISM"),
    "Valkey in the clear": ({"REDIS_URL": "redis://:Hw7u2Lz9c5@valkey.example.com:6379/0"}, "REDIS_URL"),
    "Valkey at no address": ({"REDIS_URL": "valkey.example.com"}, "REDIS_URL"),
    "mail in the clear": ({"SMTP_URL": "smtp://mail.example.com:587"}, "SMTP_URL"),
    "mail to the sandbox": ({"SMTP_URL": "smtp://sandbox:8025", "ESTUARY_INSECURE": "smtp"}, "SMTP_URL"),
    "a public service key": (
        {"ESTUARY_SERVICE_KEY": "estuary-development-only-service-key-0"},
        "ESTUARY_SERVICE_KEY",
    ),
    "a short token for the metrics": ({"ESTUARY_METRICS_TOKEN": "metrics"}, "ESTUARY_METRICS_TOKEN"),
    "a short identity secret": ({"IDENTITY_SECRET": "a-secret-of-20-chars"}, "IDENTITY_SECRET"),
    "nothing to seal with": ({"IDENTITY_KEYS": ""}, "IDENTITY_KEYS"),
    "no identity secret": ({"IDENTITY_SECRET": ""}, "IDENTITY_SECRET"),
    "one secret for two things": ({"IDENTITY_SECRET": RIGHT["ESTUARY_SERVICE_KEY"]}, "IDENTITY_SECRET"),
    "a password that is a secret too": ({"KAFKA_SASL_PASSWORD": RIGHT["LIVEKIT_API_SECRET"]}, "LIVEKIT_API_SECRET"),
    "LiveKit's public secret": ({"LIVEKIT_API_SECRET": ""}, "LIVEKIT_API_SECRET"),
    "LiveKit's public key": ({"LIVEKIT_API_KEY": "devkey"}, "LIVEKIT_API_KEY"),
    "a real key sent to the sandbox": (
        {"STRIPE_API_BASE": "https://estuary.example.com/sandbox/stripe"},
        "STRIPE_API_BASE",
    ),
    "a real key sent in the clear": ({"STRIPE_API_BASE": "http://stripe.example.com"}, "STRIPE_API_BASE"),
    "no publishable key": ({"STRIPE_PUBLISHABLE_KEY": ""}, "STRIPE_PUBLISHABLE_KEY"),
    "a publishable key where the secret one belongs": (
        {"STRIPE_SECRET_KEY": "pk_live_51Hxyz1111111111111111111111"},
        "STRIPE_SECRET_KEY",
    ),
    "the id of an endpoint where its secret belongs": (
        {"STRIPE_WEBHOOK_SECRET": "we_1Hxyz00000000000000000000000000"},
        "STRIPE_WEBHOOK_SECRET",
    ),
    "quotes that no shell takes away": ({"STRIPE_SECRET_KEY": '"sk_live_51Hxyz00000000"'}, "STRIPE_SECRET_KEY"),
    "an address in quotes": ({"KAFKA_BOOTSTRAP_SERVERS": "'kafka.example.com:9093'"}, "KAFKA_BOOTSTRAP_SERVERS"),
    "a service's setting in quotes": ({"IDENTITY_SECRET": f"'{RIGHT['IDENTITY_SECRET']}'"}, "IDENTITY_SECRET"),
    "keys of two modes": ({"STRIPE_PUBLISHABLE_KEY": "pk_test_51Hxyz"}, "STRIPE_PUBLISHABLE_KEY"),
    "the sandbox's webhook secret": ({"STRIPE_WEBHOOK_SECRET": "whsec_estuary"}, "STRIPE_WEBHOOK_SECRET"),
    "proxies that may be anybody": ({"GATEWAY_TRUSTED_HOPS": "1"}, "GATEWAY_TRUSTED_PROXIES"),
    "proxies that nobody asks": ({"GATEWAY_TRUSTED_PROXIES": "10.0.0.0/8"}, "GATEWAY_TRUSTED_HOPS"),
    "a network that is none": (
        {"GATEWAY_TRUSTED_HOPS": "1", "GATEWAY_TRUSTED_PROXIES": "10.0.0.1/8"},
        "GATEWAY_TRUSTED_PROXIES",
    ),
    "a front end without its scheme": ({"GATEWAY_CORS_ORIGINS": "https://a.example,b.example"}, "GATEWAY_CORS_ORIGINS"),
    "a size that is no number": ({"GATEWAY_MAX_BODY_BYTES": "1MB"}, "GATEWAY_MAX_BODY_BYTES"),
    "pages at no address": ({"ESTUARY_APP_URL": "app.example.com"}, "ESTUARY_APP_URL"),
    "pages at an address that is none": ({"ESTUARY_APP_URL": "https://[app"}, "ESTUARY_APP_URL"),
    "a password that ends the database's address": (
        {"DATABASE_URL": "postgresql://estuary:Vp3/nQe81@db.example.com/estuary?sslmode=verify-full"},
        "DATABASE_URL",
    ),
    "a bracket in the password of a service's database": (
        {"BOOKING_DATABASE_URL": "postgresql://estuary:Vp3[nQe81@db.example.com/estuary?sslmode=verify-full"},
        "BOOKING_DATABASE_URL",
    ),
    "a password that ends the mail server's address": (
        {"SMTP_URL": "smtps://estuary:Mk5#tR2wd@mail.example.com"},
        "SMTP_URL",
    ),
    "no mail server": ({"SMTP_URL": "smtps://:465"}, "SMTP_URL"),
    "no address of a mail server": ({"SMTP_URL": ""}, "SMTP_URL"),
    "a short service key": ({"ESTUARY_SERVICE_KEY": "a-key-of-19-charact"}, "ESTUARY_SERVICE_KEY"),
    "two senders, for want of quotes": (
        {"NOTIFICATIONS_MAIL_FROM": "Acme, Inc. <no-reply@acme.example>"},
        "NOTIFICATIONS_MAIL_FROM",
    ),
    "a short key to seal with": ({"IDENTITY_KEYS": "2026:short"}, "IDENTITY_KEYS"),
    "no key of KMS": ({"IDENTITY_KEYS": "", "IDENTITY_KMS": "alias/estuary"}, "IDENTITY_KMS"),
    "a short webhook secret beside a good one": (
        {"STRIPE_WEBHOOK_SECRET": RIGHT["STRIPE_WEBHOOK_SECRET"] + ",whsec_short"},
        "STRIPE_WEBHOOK_SECRET (2)",
    ),
}


def found(env: Mapping[str, str]) -> list[str]:
    return [finding.name for finding in check(EstuarySettings.of(env), env, *SERVICES, "gateway")]


class TestRealSettings:
    def test_the_right_ones_are_not_refused(self):
        assert found(RIGHT) == []
        demand_safe(EstuarySettings.of(RIGHT), RIGHT, *SERVICES, "gateway")

    @pytest.mark.parametrize(("change", "name"), WRONG.values(), ids=WRONG.keys())
    def test_a_wrong_one_is_named_in_a_line_of_its_own(self, change: dict[str, str], name: str):
        env = RIGHT | change
        assert found(env) == [name]
        with pytest.raises(UnsafeSettings) as refused:
            demand_safe(EstuarySettings.of(env), env, *SERVICES, "gateway")
        assert re.search(rf"^  {re.escape(name)}: \S", str(refused.value), re.MULTILINE)

    @pytest.mark.parametrize("name", ["DATABASE_URL", "BOOKING_DATABASE_URL", "SMTP_URL"])
    @pytest.mark.parametrize("sign", "/?#[]")
    def test_nothing_of_a_password_is_shown(self, name: str, sign: str):
        env = RIGHT | {
            name: f"{'smtps' if name == 'SMTP_URL' else 'postgresql'}://estuary:hunter{sign}two@db.example.com"
        }
        with pytest.raises(UnsafeSettings) as refused:
            demand_safe(EstuarySettings.of(env), env, *SERVICES, "gateway")
        assert not {"hunter", "two"} & set(re.findall(r"\w+", str(refused.value)))

    def test_all_wrong_ones_are_named_at_once(self):
        env = RIGHT | {"IDENTITY_SECRET": "", "KAFKA_SECURITY_PROTOCOL": "", "ESTUARY_SERVICE_KEY": "short"}
        named = ["ESTUARY_SERVICE_KEY", "IDENTITY_SECRET", "KAFKA_SECURITY_PROTOCOL", "SMTP_URL"]
        for mail in ("smtp://mail.example.com", ""):
            assert found(env | {"SMTP_URL": mail}) == named

    def test_what_is_in_the_clear_is_named_rightly_or_nothing_is_read_at_all(self):
        with pytest.raises(SettingsError, match="ESTUARY_INSECURE"):
            EstuarySettings.of(RIGHT | {"ESTUARY_INSECURE": "everything"})

    def test_the_sandbox_too_has_a_long_service_key(self):
        with pytest.raises(SettingsError, match="ESTUARY_SERVICE_KEY needs at least 32 characters"):
            EstuarySettings.of({"ESTUARY_SERVICE_KEY": "short"})

    @pytest.mark.parametrize(
        "change",
        [
            {"DATABASE_URL": "postgresql://estuary:Vp3nQe81@127.0.0.1:5432/estuary"},
            {"DATABASE_URL": "postgresql+asyncpg://estuary:Vp3nQe81@[::1]:5432/estuary"},
            {"DATABASE_URL": "postgresql://estuary:Vp3nQe81@/estuary?host=/var/run/postgresql"},
            {"DATABASE_URL": ""},
            {"DATABASE_URL": DATABASE, "ESTUARY_INSECURE": "kafka, postgres"},
            {"KAFKA_BOOTSTRAP_SERVERS": "localhost:9092", "KAFKA_SECURITY_PROTOCOL": ""},
            {"KAFKA_BOOTSTRAP_SERVERS": "", "KAFKA_SECURITY_PROTOCOL": ""},
            {"KAFKA_SECURITY_PROTOCOL": "", "ESTUARY_INSECURE": "kafka"},
            {"SMTP_URL": "smtp://localhost:25"},
            {"REDIS_URL": "redis://localhost:6379"},
            {"REDIS_URL": "valkeys://:Hw7u2Lz9c5@valkey.example.com:6379/0"},
            {"REDIS_URL": "redis://valkey:6379/0", "ESTUARY_INSECURE": "redis"},
            {"SMTP_URL": "smtp+starttls://mail.example.com"},
            {"SMTP_URL": "smtp://mail.example.com", "ESTUARY_INSECURE": "smtp"},
            {"LIVEKIT_URL": "", "LIVEKIT_API_KEY": "", "LIVEKIT_API_SECRET": ""},
            {"IDENTITY_DATABASE_URL": RIGHT["DATABASE_URL"]},
            {"STRIPE_API_BASE": "https://api.stripe.com"},
            {"GATEWAY_TRUSTED_HOPS": "0"},
            {"GATEWAY_TRUSTED_HOPS": "1", "GATEWAY_TRUSTED_PROXIES": "10.0.0.0/8"},
            {
                "GATEWAY_CORS_ORIGINS": "https://shop.example/, http://localhost:3000, capacitor://localhost, http://[::1]:80"
            },
            {"GATEWAY_CORS_ORIGINS": "*"},
            {"NOTIFICATIONS_MAIL_FROM": '"Acme, Inc." <no-reply@acme.example>'},
            {"NOTIFICATIONS_MAIL_FROM": "no-reply@localhost"},
            {"SMTP_URL": "smtps://estuary:Mk5%23tR2wd@[2001:db8::1]:465"},
        ],
    )
    def test_what_nobody_else_reaches_or_is_vouched_for_is_not_refused(self, change: dict[str, str]):
        assert found(RIGHT | change) == []

    def test_a_process_answers_for_what_it_was_given(self):
        env = {"ESTUARY_STAND_INS": "false", "ESTUARY_SERVICE_KEY": RIGHT["ESTUARY_SERVICE_KEY"]}
        assert check(EstuarySettings.of(env), env) == []
        for part, missing in (
            ("identity", ["IDENTITY_KEYS", "IDENTITY_SECRET"]),
            ("notifications", ["SMTP_URL"]),
            ("payments", ["STRIPE_PUBLISHABLE_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"]),
            ("catalog", []),
        ):
            assert [finding.name for finding in check(EstuarySettings.of(env), env, part)] == missing


class TestStandIns:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
    def test_on_loopback_nothing_is_asked(self, host: str):
        assert found({"ESTUARY_HOST": host}) == []

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "estuary.example.com"])
    def test_elsewhere_they_need_a_word(self, host: str):
        assert found({"ESTUARY_HOST": host}) == ["ESTUARY_HOST"]
        assert found({"ESTUARY_HOST": host, "ESTUARY_SANDBOX_PUBLIC": "1"}) == []


class TestPublicSecrets:
    def test_every_default_of_compose_and_dev_is_known_as_public(self):
        compose = (ROOT / "docker-compose.yml").read_text()
        dev = (ROOT / "deploy/k8s/overlays/dev/kustomization.yaml").read_text()
        defaults = set(re.findall(r"_(?:KEY|SECRET|PASSWORD):-([^}$]+)}", compose))
        literals = set(re.findall(r"_(?:KEY|SECRET|PASSWORD)=([^\]]+)\]", dev))
        assert defaults
        assert literals
        assert defaults | literals <= PUBLIC
