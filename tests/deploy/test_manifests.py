"""Rules of our own on the rendered manifests, and Kubernetes' schemas."""

import re
from collections import Counter
from importlib import import_module
from inspect import getmembers, isclass

import kubernetes_validate
import pytest

from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from gateway.settings import GatewaySettings
from shared.settings import ServiceSettings
from tests.deploy.manifests import COMPONENT, K8S, NAME, Cluster, Pod, cluster, example_secrets, labels

OVERLAYS = ("dev", "production")
KUBERNETES = ("1.30", "1.34")
OURS = {"serve", "work", "migrate", "gateway", "operator", "sandbox", "topics"}
OPERATORS = {"monitoring.coreos.com/v1", "kafka.strimzi.io/v1beta2"}
SECRET = re.compile(r"SECRET|PASSWORD|_KEY$|DATABASE_URL|SMTP_URL")


@pytest.fixture(params=OVERLAYS)
def shipped(request: pytest.FixtureRequest) -> Cluster:
    return cluster(request.param)


def ours(shipped: Cluster) -> list[Pod]:
    return [pod for pod in shipped.pods if pod.labels[COMPONENT] in OURS]


@pytest.mark.parametrize("version", KUBERNETES)
def test_every_object_fits_the_schema_of_kubernetes(shipped: Cluster, version: str):
    for thing in shipped.objects:
        if thing["apiVersion"] not in OPERATORS:
            kubernetes_validate.validate(thing, version, strict=True)


def test_nothing_has_the_same_name_twice(shipped: Cluster):
    names = [(thing["kind"], thing["metadata"]["name"]) for thing in shipped.objects]
    assert len(names) == len(set(names))


def test_everything_is_in_one_namespace(shipped: Cluster):
    assert {thing["metadata"].get("namespace", "estuary") for thing in shipped.objects} == {"estuary"}
    enforced = labels(shipped.named("Namespace", "estuary"))["pod-security.kubernetes.io/enforce"]
    assert enforced == "restricted"


@pytest.mark.parametrize("service", SERVICES)
class TestEveryService:
    def test_has_its_processes(self, shipped: Cluster, service: str):
        tag = shipped.pod("gateway").main["image"].rsplit(":", 1)[1]
        pods = {pod.name: pod for pod in shipped.pods if pod.labels[NAME] == service}
        assert set(pods) == {f"{service}-serve", f"{service}-work", f"{service}-migrate-{tag}"}
        for name, pod in pods.items():
            command = name.split("-")[1]
            assert pod.labels[COMPONENT] == command
            assert pod.main["args"] == [command, "$(SERVICE)"]
            assert pod.main["env"][0]["valueFrom"]["fieldRef"]["fieldPath"] == f"metadata.labels['{NAME}']"

    def test_is_found_by_its_peers(self, shipped: Cluster, service: str):
        pods, port = shipped.behind(service, 8000) or ([], 0)
        assert [pod.name for pod in pods] == [f"{service}-serve"]
        assert port == 8000

    def test_scales_and_survives_maintenance(self, shipped: Cluster, service: str):
        scaler = shipped.named("HorizontalPodAutoscaler", f"{service}-serve")["spec"]
        assert scaler["scaleTargetRef"]["name"] == f"{service}-serve"
        for kind in ("serve", "work"):
            assert shipped.named("PodDisruptionBudget", f"{service}-{kind}")["spec"]["maxUnavailable"] == 1

    def test_waits_for_its_schema(self, shipped: Cluster, service: str):
        for kind in ("serve", "work"):
            waits = shipped.pod(f"{service}-{kind}").spec["initContainers"][0]
            assert waits["args"] == ["await-schema", "$(SERVICE)"]

    def test_every_setting_has_a_source(self, shipped: Cluster, service: str):
        named = shipped.environment(shipped.pod(f"{service}-serve"), example_secrets())
        assert missing(service_settings(service), named, shipped) == []
        assert named == shipped.environment(shipped.pod(f"{service}-work"), example_secrets())

    def test_ships_the_defaults_of_the_code(self, service: str):
        lines = (K8S / f"base/services/{service}/settings.env").read_text().splitlines()
        shipped = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        defaults = service_settings(service).of({"ESTUARY_SERVICE_KEY": "x" * 32})
        assert service_settings(service).of({"ESTUARY_SERVICE_KEY": "x" * 32, **shipped}) == defaults

    def test_reads_only_its_own_secrets(self, shipped: Cluster, service: str):
        for pod in shipped.pods:
            if pod.labels[NAME] == service and pod.kind == "Deployment":
                assert secrets_of(pod) == {service}


def service_settings(service: str) -> type[ServiceSettings]:
    try:
        module = import_module(f"services.{service}.settings")
    except ModuleNotFoundError:
        return ServiceSettings
    found = [kind for _, kind in getmembers(module, isclass) if kind.__module__ == module.__name__]
    return next(kind for kind in found if issubclass(kind, ServiceSettings))


def variables(settings: type[ServiceSettings]) -> list[list[str]]:
    """The names of each setting's variable; one of them has to be given."""
    prefix = settings.model_config.get("env_prefix", "")
    found: list[list[str]] = []
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        choices = [str(one) for one in getattr(alias, "choices", [alias])] if alias else [f"{prefix}{name}".upper()]
        found.append(choices)
    return found


def missing(settings: type[ServiceSettings], named: dict[str, str], shipped: Cluster) -> list[list[str]]:
    """Settings that no ConfigMap and no Secret names; without the sandbox, Stripe is where it always is and no key
    follows from another."""
    elsewhere = {"STRIPE_API_BASE", "ESTUARY_SERVICE_KEY"} if not has_stand_ins(shipped) else set(example_keys())
    by_the_process = {"ESTUARY_SERVICES", "IDENTITY_SANDBOX_BASE"}
    return [names for names in variables(settings) if not {*named, *elsewhere, *by_the_process} & set(names)]


def has_stand_ins(shipped: Cluster) -> bool:
    return any(pod.name == "sandbox" for pod in shipped.pods)


def example_keys() -> list[str]:
    return [key for secret in example_secrets().values() for key in secret]


def secrets_of(pod: Pod) -> set[str]:
    """The Secrets of all containers, without the hash that a generated one has in its name."""
    sources = [source for container in pod.containers for source in container.get("envFrom", [])]
    names = [source["secretRef"]["name"] for source in sources if "secretRef" in source]
    return {re.sub(r"-[a-z0-9]{10}$", "", name) for name in names}


def test_the_install_and_the_gateway_have_a_source_for_every_setting(shipped: Cluster):
    named = shipped.environment(shipped.pod("gateway"), example_secrets())
    assert missing(GatewaySettings, named, shipped) == []
    known = {"STRIPE_SECRET_KEY", "SMTP_URL", "DATABASE_URL"}  # of payments, notifications, and all but the gateway
    known |= set() if has_stand_ins(shipped) else {"ESTUARY_SERVICE_KEY"}  # there each has a key of its own
    assert [names for names in variables(EstuarySettings) if not {*named, *known} & set(names)] == []


def test_each_process_is_given_its_own_key_and_no_other(shipped: Cluster):
    for pod in (one for one in ours(shipped) if one.kind == "Deployment"):
        given = {key for key in shipped.environment(pod, example_secrets()) if key.endswith("_SERVICE_KEY")}
        own = {"ESTUARY_SERVICE_KEY"} if has_stand_ins(shipped) else {f"{pod.labels[NAME].upper()}_SERVICE_KEY"}
        assert given == (set() if pod.labels[COMPONENT] == "operator" else own)
        assert "ESTUARY_SERVICE_KEYS" in shipped.environment(pod, example_secrets())


def test_the_gateway_has_no_login_to_the_database_and_the_operators_pod_has(shipped: Cluster):
    named = {pod.name: shipped.environment(pod, example_secrets()) for pod in ours(shipped)}
    assert not [key for key in named["gateway"] if "DATABASE" in key]
    assert "DATABASE_URL" in named["operator"]
    assert shipped.pod("operator").main["command"] == ["sleep", "infinity"]


def test_no_setting_is_shipped_that_nobody_reads(shipped: Cluster):
    modules = [
        import_module(name)
        for name in ("estuary.sandbox.settings", "shared.messaging.kafka.topics", "shared.messaging.kafka.security")
    ]
    kinds = [
        kind for module in modules for _, kind in getmembers(module, isclass) if kind.__module__ == module.__name__
    ]
    readers: list[type[ServiceSettings]] = [EstuarySettings, GatewaySettings, *map(service_settings, SERVICES)]
    readers += [kind for kind in kinds if issubclass(kind, ServiceSettings)]
    read = {name for reader in readers for names in variables(reader) for name in names}
    written = {key for thing in shipped.of_kind("ConfigMap") for key in thing.get("data", {})}
    read.add("OTEL_EXPORTER_OTLP_ENDPOINT")  # of shared.observability.telemetry
    assert {key for key in written if not key.endswith(".json")} <= read


def test_each_setting_of_a_process_has_one_place(shipped: Cluster):
    """Of two, the later one would count, though it be empty."""
    for pod in shipped.pods:
        sources = [
            shipped.named("ConfigMap", source["configMapRef"]["name"]).get("data") or {}
            for source in pod.main.get("envFrom", [])
            if "configMapRef" in source
        ]
        names = Counter(name for data in sources for name in data)
        assert [name for name, places in names.items() if places > 1] == [], pod.name


def test_production_knows_its_own_addresses():
    shipped = cluster("production")
    [host] = [rule["host"] for rule in shipped.named("Ingress", "gateway")["spec"]["rules"]]
    for name in ("gateway", *(f"{service}-{kind}" for service in SERVICES for kind in ("serve", "work"))):
        given = shipped.environment(shipped.pod(name), example_secrets())
        assert given["ESTUARY_PUBLIC_URL"] == f"https://{host}", name


def test_no_secret_is_in_a_config_map(shipped: Cluster):
    stand_in = {"SMTP_URL"} if has_stand_ins(shipped) else set()
    found = {key for thing in shipped.of_kind("ConfigMap") for key in thing.get("data", {}) if SECRET.search(key)}
    assert found <= stand_in


def test_what_production_refers_to_exists_or_is_an_example():
    shipped = cluster("production")
    assert shipped.of_kind("Secret") == []
    assert {name for pod in shipped.pods for name in secrets_of(pod)} == set(example_secrets())


def test_every_reference_leads_somewhere(shipped: Cluster):
    configs = {thing["metadata"]["name"] for thing in shipped.of_kind("ConfigMap")}
    secrets = {thing["metadata"]["name"] for thing in shipped.of_kind("Secret")} | set(example_secrets())
    accounts = {thing["metadata"]["name"] for thing in shipped.of_kind("ServiceAccount")} | {"default"}
    for pod in shipped.pods:
        assert pod.spec.get("serviceAccountName", "default") in accounts
        for source in (one for container in pod.containers for one in container.get("envFrom", [])):
            known = configs if "configMapRef" in source else secrets
            assert next(iter(source.values()))["name"] in known


def test_a_job_can_be_applied_again(shipped: Cluster):
    """A Job cannot be changed: its name has the image's tag, and nothing in it follows from a setting."""
    jobs = [pod for pod in shipped.pods if pod.kind == "Job"]
    assert len(jobs) == len(SERVICES) + (2 if has_stand_ins(shipped) else 1)
    for job in jobs:
        assert job.name.endswith("-" + job.main["image"].rsplit(":", 1)[1])
        names = [next(iter(source.values()))["name"] for source in job.main["envFrom"]]
        assert set(names) <= {"install", "migrate", "kafka", "topics"}


def test_one_image_for_every_process(shipped: Cluster):
    assert len({container["image"] for pod in ours(shipped) for container in pod.containers}) == 1


class TestEveryPod:
    def test_is_restricted(self, shipped: Cluster):
        for pod in shipped.pods:
            context = pod.spec["securityContext"]
            assert context["runAsNonRoot"] is True
            assert context["runAsUser"] > 0
            assert context["seccompProfile"] == {"type": "RuntimeDefault"}
            assert pod.spec["automountServiceAccountToken"] is False
            for container in pod.containers:
                assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
                assert container["securityContext"]["allowPrivilegeEscalation"] is False

    def test_sees_no_addresses_of_services_in_its_environment(self, shipped: Cluster):
        """A Service `kafka` would set KAFKA_PORT, which the broker takes for a setting."""
        assert all(pod.spec["enableServiceLinks"] is False for pod in shipped.pods)

    def test_of_ours_has_a_read_only_root(self, shipped: Cluster):
        for container in (one for pod in ours(shipped) for one in pod.containers):
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert {"name": "tmp", "mountPath": "/tmp"} in container["volumeMounts"]

    def test_says_what_it_needs(self, shipped: Cluster):
        for container in (one for pod in shipped.pods for one in pod.containers):
            assert set(container["resources"]["requests"]) == {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]

    def test_of_ours_is_asked_how_it_is(self, shipped: Cluster):
        for pod in (one for one in ours(shipped) if one.kind == "Deployment" and one.name != "operator"):
            asked = {kind: pod.main[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
            assert asked["liveness"] == asked["startup"] == {"path": "/health/live", "port": "http"}
            ready = "/metrics" if pod.name == "sandbox" else "/health/ready"
            assert asked["readiness"] == {"path": ready, "port": "http"}

    def test_that_answers_others_ends_without_losing_requests(self, shipped: Cluster):
        for pod in (one for one in ours(shipped) if one.labels[COMPONENT] in {"serve", "gateway", "sandbox"}):
            if pod.kind == "Deployment":
                waits = pod.main["lifecycle"]["preStop"]["sleep"]["seconds"]
                assert pod.spec["terminationGracePeriodSeconds"] >= waits + 30
                rollout = shipped.named("Deployment", pod.name)["spec"]["strategy"]["rollingUpdate"]
                assert rollout["maxUnavailable"] == 0


def test_dev_has_no_rate_limits_and_production_has():
    for overlay, limits in {"dev": "off", "production": "on"}.items():
        shipped = cluster(overlay)
        assert shipped.environment(shipped.pod("gateway"), example_secrets())["GATEWAY_RATE_LIMITS"] == limits


def test_production_believes_proxies_of_the_cluster_alone():
    shipped = cluster("production")
    proxies = GatewaySettings.of(shipped.environment(shipped.pod("gateway"), example_secrets())).proxies
    assert [proxies.include(peer) for peer in ("10.1.2.3", "203.0.113.7")] == [True, False]
