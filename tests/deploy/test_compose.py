"""The compose file and the image, as far as they can be read without an engine."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from gateway.settings import GatewaySettings
from shared.messaging.kafka.security import KafkaSecurity
from shared.messaging.kafka.topics import TopicSettings
from shared.settings import ServiceSettings
from tests.deploy.manifests import ROOT
from tests.deploy.test_manifests import service_settings, variables

PROCESSES = ("serve", "work")
GIVEN = re.compile(r"\$\{(\w+)[:-]")


@cache
def compose() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text()
    found: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


def ours() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in compose()["services"].items() if one["image"] == "estuary:dev"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_its_processes(service: str):
    containers = {"serve": service, "work": f"{service}-work"}
    for process, container in containers.items():
        assert compose()["services"][container]["command"] == [process, service]


def test_the_image_is_built_once():
    assert [name for name, one in compose()["services"].items() if "build" in one] == ["migrate"]


def test_the_gateway_waits_for_every_service():
    assert compose()["services"]["gateway"]["depends_on"] == {
        name: {"condition": "service_healthy"} for name in SERVICES
    }


def test_everybody_waits_for_migrations_and_topics():
    done = {"condition": "service_completed_successfully"}
    for name, one in ours().items():
        if name not in {"migrate", "topics", "gateway"}:
            assert one["depends_on"] == {"migrate": done, "topics": done}
    assert compose()["services"]["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert compose()["services"]["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}


def test_our_containers_may_little():
    for one in ours().values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_every_process_and_command_can_write_its_home():
    for name, one in ours().items():
        writable = [*one["tmpfs"], *(volume.split(":")[1] for volume in one.get("volumes", []))]
        home = Path(one["environment"]["ESTUARY_HOME"])
        assert {str(home), str(home.parent)} & set(writable), name


def test_what_lasts_is_in_volumes():
    services = compose()["services"]
    mounted = {name: one["volumes"] for name, one in services.items() if "volumes" in one}
    assert set(mounted) == {"postgres", "kafka", "sandbox"}
    assert set(compose()["volumes"]) == {volumes[0].split(":")[0] for volumes in mounted.values()}


def test_every_real_setting_comes_from_the_environment():
    given = set(GIVEN.findall((ROOT / "docker-compose.yml").read_text()))
    real = """DATABASE_URL STRIPE_SECRET_KEY STRIPE_PUBLISHABLE_KEY STRIPE_WEBHOOK_SECRET SMTP_URL LIVEKIT_URL
        LIVEKIT_API_KEY LIVEKIT_API_SECRET KAFKA_BOOTSTRAP_SERVERS ESTUARY_SERVICE_KEY POSTGRES_PASSWORD ESTUARY_PORT
        ESTUARY_CURRENCY ESTUARY_DEMO GATEWAY_RATE_LIMITS GATEWAY_RATE_ANONYMOUS GATEWAY_RATE_USER
        GATEWAY_RATE_PRACTITIONER GATEWAY_TRUSTED_PROXIES ESTUARY_METRICS_TOKEN""".split()
    assert set(real) <= given


def test_each_process_is_given_its_own_key_and_no_other():
    for name, one in ours().items():
        given = {key for key in one["environment"] if key.endswith("_SERVICE_KEY")} - {"ESTUARY_SERVICE_KEY"}
        owner = one.get("command", [name])[-1]
        assert given == ({f"{owner.upper()}_SERVICE_KEY"} if owner in {*SERVICES, "gateway"} else set()), name


def test_the_gateway_has_no_login_to_the_database_and_the_operators_container_has():
    assert "DATABASE_URL" not in compose()["services"]["gateway"]["environment"]
    operator = compose()["services"]["operator"]
    assert "DATABASE_URL" in operator["environment"]
    assert operator["entrypoint"] == ["sleep", "infinity"]


def test_everybody_is_given_all_that_says_how_kafka_is_reached():
    names = {field.validation_alias for field in KafkaSecurity.model_fields.values()}
    for name, one in ours().items():
        assert names <= set(one["environment"]), name
        assert one["environment"]["KAFKA_CA_FILE"] == "${KAFKA_CA_FILE:+/etc/estuary/kafka.pem}"


def test_everybody_finds_the_authorities_of_kafka_and_postgres():
    for name, one in ours().items():
        mounted = {file["source"]: file["target"] for file in one["configs"]}
        assert mounted == {"kafka-ca": "/etc/estuary/kafka.pem", "postgres-ca": "/etc/estuary/postgres.pem"}, name
    files = {name: config["file"] for name, config in compose()["configs"].items()}
    assert files == {"kafka-ca": "${KAFKA_CA_FILE:-/dev/null}", "postgres-ca": "${POSTGRES_CA_FILE:-/dev/null}"}


def without_a_source(settings: type[ServiceSettings], container: str) -> list[str]:
    """Settings that the container is not given, so that a file `.env` cannot set them."""
    given = set(compose()["services"][container]["environment"])
    return [names[0] for names in variables(settings) if not given & set(names)]


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_of_a_service_has_a_source(service: str):
    by_the_process = {"ESTUARY_SERVICES", "IDENTITY_SANDBOX_BASE"}
    for container in (service, f"{service}-work"):
        assert set(without_a_source(service_settings(service), container)) <= by_the_process


def test_every_setting_of_the_gateway_and_of_all_processes_has_a_source():
    assert without_a_source(GatewaySettings, "gateway") == []
    of_the_image = {"ESTUARY_HOST", "ESTUARY_PORT", "ESTUARY_HOME"}
    of_payments_and_notifications = {"STRIPE_SECRET_KEY", "SMTP_URL"}
    elsewhere = {*of_the_image, *of_payments_and_notifications, "ESTUARY_PEERS"}
    for name in ours():
        missing = set(without_a_source(EstuarySettings, name)) - elsewhere
        assert missing == ({"DATABASE_URL"} if name in {"gateway", "topics"} else set()), name


def test_topics_can_be_made_with_several_copies_on_a_kafka_elsewhere():
    names = {field.validation_alias for field in TopicSettings.model_fields.values()}
    assert names <= set(compose()["services"]["topics"]["environment"])


def test_stripes_keys_reach_payments_alone():
    for name, one in ours().items():
        if {"STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY"} & set(one["environment"]):
            assert name in {"payments", "payments-work"}


def test_every_container_that_goes_on_says_whether_it_is_well():
    for name, one in compose()["services"].items():
        assert name in {"migrate", "topics"} or "healthcheck" in one


class TestImage:
    text = (ROOT / "Dockerfile").read_text()

    def test_last_stage_has_no_build_tools_and_no_root(self):
        last = self.text[self.text.rindex("\nFROM ") :]
        assert "USER 10001:10001" in last
        assert "HEALTHCHECK" in last
        assert not re.search(r"\b(apt-get|gcc|make|pip install)\b", last)

    def test_installs_by_hash_alone(self):
        installs = re.findall(r"pip .*\binstall .*", self.text)
        assert all("--require-hashes" in line or "--no-deps" in line for line in installs)

    def test_brings_in_only_what_it_is_made_of(self):
        ignored = (ROOT / ".dockerignore").read_text().splitlines()
        assert "*" in ignored
        kept = {line[1:] for line in ignored if line.startswith("!")}
        copied = set(re.findall(r"^COPY ([\w./ -]+) \S+$", self.text, re.MULTILINE))
        names = {name for line in copied for name in line.split()} - {"deploy/image/healthcheck"}
        assert names <= kept
