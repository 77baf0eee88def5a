"""What every process of the manifests is given to reach Postgres and Kafka safely, and to refuse what is not safe."""

import pytest

from estuary.checklist.check import UnsafeSettings, check, demand_safe
from estuary.settings import EstuarySettings
from shared.messaging.kafka.security import KafkaSecurity
from tests.deploy.manifests import COMPONENT, Cluster, Pod, cluster, example_secrets
from tests.deploy.test_manifests import OVERLAYS, has_stand_ins, ours, variables


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_process_knows_whether_the_install_is_real_and_what_goes_without_tls(overlay: str):
    shipped = cluster(overlay)
    for pod in ours(shipped):
        for container in pod.containers:
            given = [source["configMapRef"]["name"] for source in container["envFrom"] if "configMapRef" in source]
            assert "install" in given, pod.name
    data = shipped.named("ConfigMap", "install")["data"]
    assert data == {"ESTUARY_STAND_INS": str(has_stand_ins(shipped)).lower(), "ESTUARY_INSECURE": ""}


def test_no_job_of_production_goes_to_postgres_or_kafka_in_the_clear():
    shipped = cluster("production")
    for pod in (one for one in shipped.pods if one.kind == "Job"):
        topics = pod.labels[COMPONENT] == "topics"
        unsafe = {"KAFKA_SECURITY_PROTOCOL": ""} if topics else {"DATABASE_URL": "postgresql://db.example.com/estuary"}
        env = filled(shipped, pod) | unsafe
        with pytest.raises(UnsafeSettings, match=next(iter(unsafe))):
            demand_safe(EstuarySettings.of(env), env, listens=False)
        env |= {"ESTUARY_INSECURE": "postgres,kafka"}
        demand_safe(EstuarySettings.of(env), env, listens=False)


def test_the_operators_check_finds_nothing_in_production_as_it_is_shipped():
    shipped = cluster("production")
    env = filled(shipped, shipped.pod("operator"))
    assert check(EstuarySettings.of(env), env) == []


def filled(shipped: Cluster, pod: Pod) -> dict[str, str]:
    """The pod's environment with its Secret filled in."""
    secret = {
        "DATABASE_URL": "postgresql://a:b@db.example.com/estuary?sslmode=require",
        "KAFKA_SASL_PASSWORD": "secret",
    }
    env = shipped.environment(pod, example_secrets())
    return env | {name: value for name, value in secret.items() if name in env}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_process_that_speaks_to_kafka_is_given_how(overlay: str):
    shipped = cluster(overlay)
    signs_in = {"KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"}
    names = {name for one in variables(KafkaSecurity) for name in one if name.startswith("KAFKA_")}
    for pod in ours(shipped):
        if pod.labels[COMPONENT] not in {"migrate", "operator"}:
            given = set(shipped.environment(pod, example_secrets()))
            assert names - (signs_in if has_stand_ins(shipped) else set()) <= given, pod.name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_process_finds_the_authorities_for_tls(overlay: str):
    shipped = cluster(overlay)
    for pod in ours(shipped):
        [volume] = [volume for volume in pod.spec["volumes"] if volume["name"] == "authorities"]
        assert volume["configMap"] == {"name": "authorities", "optional": True}
        for container in pod.containers:
            mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
            assert mounted["authorities"] == "/etc/estuary/authorities"
