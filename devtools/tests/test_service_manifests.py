"""The manifests of a new service: what the pattern's service has, under the new name."""

import shutil
from pathlib import Path

import pytest
import yaml

from devtools.service_manifests import LINES, SERVICE, write
from shared.settings import SettingsError
from tests.deploy.manifests import render

ROOT = Path(__file__).parents[2]
READS = ["estuary.booking.internal", "estuary.identity.internal"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The deployment, without its service `toy`."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    return tmp_path


def acls(root: Path, user: str) -> list[tuple[str, list[str]]]:
    documents = yaml.safe_load_all((root / "deploy/k8s/components/strimzi/users.yaml").read_text())
    [found] = [one for one in documents if one["metadata"]["name"] == user]
    return [(acl["resource"]["name"], acl["operations"]) for acl in found["spec"]["authorization"]["acls"]]


class TestWrite:
    def test_every_file_has_as_much_of_it_as_of_the_pattern(self, copy: Path):
        written = write(copy, "toy", [*READS, "estuary.catalog.internal"])
        assert set(written) == {*LINES, f"{SERVICE}/toy/kustomization.yaml", f"{SERVICE}/toy/settings.env"}
        for path in LINES:
            before, after = (ROOT / path).read_text(), (copy / path).read_text()
            named = [line for line in before.splitlines() if "streams" in line and "estuary-notifications" not in line]
            added = [line for line in after.splitlines() if "toy" in line]
            others = path.endswith("users.yaml")  # notifications reads the events of streams too
            assert len(added) == len(named) - others, path

    def test_compose_runs_its_two_processes_and_the_gateway_waits_for_it(self, copy: Path):
        write(copy, "toy", [])
        services = yaml.safe_load((copy / "docker-compose.yml").read_text())["services"]
        assert [services[name]["command"] for name in ("toy", "toy-work")] == [["serve", "toy"], ["work", "toy"]]
        assert "TOY_SERVICE_KEY" in services["toy"]["environment"]
        assert services["gateway"]["depends_on"]["toy"] == {"condition": "service_healthy"}

    def test_kafka_lets_it_write_its_own_topics_and_read_what_it_handles(self, copy: Path):
        write(copy, "toy", READS)
        found = acls(copy, "estuary-toy")
        assert [name for name, operations in found if operations == ["Read", "Describe"]] == READS
        assert [name for name, operations in found if operations == ["Write", "Describe"]] == [
            "estuary.toy",
            "estuary.toy.internal",
        ]
        assert ("estuary.toy", ["Read", "Describe"]) in acls(copy, "partner")
        script = (copy / "deploy/kafka/access.sh").read_text().splitlines()
        assert f"grant estuary-toy topic literal Read,Describe {' '.join(READS)}" in script
        with_its_topic = [line.split()[1:5] for line in script if "estuary.toy " in f"{line} "]
        assert with_its_topic == [
            ["estuary-toy", "topic", "literal", "Write,Describe"],
            ["estuary-toy", "group", "literal", "Read"],
            ["partner", "topic", "literal", "Read,Describe"],
        ]

    def test_kubernetes_gets_its_workloads(self, copy: Path):
        write(copy, "toy", READS)
        names = {(one["kind"], one["metadata"]["name"]) for one in render(copy / "deploy/k8s/overlays/dev")}
        assert {("Deployment", "toy-serve"), ("Deployment", "toy-work"), ("Service", "toy")} <= names

    def test_the_same_service_again_is_refused(self, copy: Path):
        write(copy, "toy", READS)
        with pytest.raises(SettingsError, match="is there already"):
            write(copy, "toy", READS)

    @pytest.mark.parametrize("name", ["Toy", "two words", "../toy", ""])
    def test_an_odd_name_is_refused(self, copy: Path, name: str):
        with pytest.raises(SettingsError, match="has a name of"):
            write(copy, name, READS)
