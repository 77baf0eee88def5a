"""Who may read and write which topic: Strimzi's users, the script for a Kafka without Strimzi, and the code."""

import pytest
import yaml

from estuary.contracts.readers import reads
from estuary.services import SERVICES
from shared.messaging.cloudevents import internal
from shared.messaging.kafka.topics import HINTS
from tests.deploy.manifests import K8S, ROOT, Object, example_secrets


def test_strimzi_has_every_topic():
    topics = list(yaml.safe_load_all((K8S / "components/strimzi/topics.yaml").read_text()))
    events = {f"estuary.{name}" for name in SERVICES}
    names = {topic["metadata"]["name"] for topic in topics}
    assert names == events | {internal(name) for name in events} | {HINTS}


class TestUsersOfKafka:
    """As Strimzi gets them."""

    @property
    def users(self) -> dict[str, list[Object]]:
        found = yaml.safe_load_all((K8S / "components/strimzi/users.yaml").read_text())
        return {one["metadata"]["name"]: one["spec"]["authorization"]["acls"] for one in found}

    def allowed(self, user: str, operation: str, kind: str = "topic") -> set[str]:
        acls = [acl for acl in self.users[user] if acl["resource"]["type"] == kind and operation in acl["operations"]]
        return {acl["resource"]["name"] for acl in acls}

    def test_each_process_and_a_partner_have_one(self):
        assert set(self.users) == {*(f"estuary-{name}" for name in (*SERVICES, "gateway", "topics")), "partner"}

    @pytest.mark.parametrize("service", SERVICES)
    def test_a_service_writes_its_own_topics_and_reads_what_its_code_handles(self, service: str):
        user, own = f"estuary-{service}", f"estuary.{service}"
        assert self.allowed(user, "Write") == {own, internal(own), HINTS}
        assert self.allowed(user, "Read") == {*reads(service), HINTS}
        assert self.allowed(user, "Read", "group") == {own}

    def test_a_partner_reads_the_partners_topics_by_name_and_nothing_else(self):
        assert self.allowed("partner", "Read") == {f"estuary.{name}" for name in SERVICES}
        assert not self.allowed("partner", "Write")
        topics = [acl["resource"] for acl in self.users["partner"] if acl["resource"]["type"] == "topic"]
        assert all("patternType" not in resource for resource in topics)

    def test_a_kafka_without_strimzi_gets_the_same(self):
        resources = {
            (user, acl["resource"]["type"], acl["resource"].get("patternType", "literal"), acl["resource"]["name"],
             operation)
            for user, acls in self.users.items() for acl in acls for operation in acl["operations"]
        }  # fmt: skip
        as_strimzi_writes = {"prefixed": "prefix"}
        granted = set()
        for line in (ROOT / "deploy/kafka/access.sh").read_text().splitlines():
            match line.split():
                case ["grant", user, kind, pattern, operations, *names]:
                    granted |= {
                        (user, kind, as_strimzi_writes.get(pattern, pattern), name, operation)
                        for name in names for operation in operations.split(",")
                    }  # fmt: skip
        assert granted == resources

    def test_each_process_of_production_signs_in_as_its_own(self):
        named = {
            name: secret["KAFKA_SASL_USERNAME"]
            for name, secret in example_secrets().items()
            if "KAFKA_SASL_USERNAME" in secret
        }
        assert named == {name: f"estuary-{name}" for name in (*SERVICES, "gateway", "topics")}
        assert set(named.values()) <= set(self.users)

    def test_the_gateway_hears_hints_alone(self):
        assert self.allowed("estuary-gateway", "Read") == {HINTS}
