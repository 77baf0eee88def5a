"""Network policies allow the arrows that are in the code, and no other."""

import ast
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from estuary.services import SERVICES
from shared.auth.internal_callers import CALLS
from tests.deploy.manifests import COMPONENT, NAME, ROOT, Cluster, Pod, cluster, example_secrets

PROCESSES = ("serve", "work")
ADDRESS = re.compile(r"^(?P<host>[a-z][a-z0-9-]*):(?P<port>\d+)$")


@pytest.fixture(params=["dev", "production"])
def shipped(request: pytest.FixtureRequest) -> Cluster:
    return cluster(request.param)


def called_in_the_code(service: str) -> set[str]:
    """The services that `peers.get("...")` and its like name; identity is asked for keys by all."""
    found = {"identity"}
    for path in (ROOT / "services" / service).rglob("*.py"):
        if "tests" not in path.parts:
            found |= set(_called(ast.parse(path.read_text())))
    return found - {service}


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="peers") | ast.Attribute(attr="peers"), attr=method),
                args=[*arguments],
            ) if method in {"get", "post", "put", "call"}:
                which = arguments[1 if method == "call" else 0]
                assert isinstance(which, ast.Constant), ast.unparse(node)
                yield str(which.value)


def pods_of(shipped: Cluster, service: str) -> list[Pod]:
    return [shipped.pod(f"{service}-{process}") for process in PROCESSES]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_those_that_its_code_calls_and_no_others(shipped: Cluster, service: str):
    for caller in pods_of(shipped, service):
        reached = {name for name in SERVICES if shipped.may_speak(caller, shipped.pod(f"{name}-serve"), 8000)}
        assert reached - {service} == called_in_the_code(service)


@pytest.mark.parametrize("service", SERVICES)
def test_the_table_of_callers_is_what_the_code_and_the_policies_say(shipped: Cluster, service: str):
    in_the_table = CALLS[service] - {service, "sandbox"}
    assert in_the_table == called_in_the_code(service)
    for caller in pods_of(shipped, service):
        reached = {name for name in SERVICES if shipped.may_speak(caller, shipped.pod(f"{name}-serve"), 8000)}
        assert reached - {service} == in_the_table


def test_the_table_of_callers_has_every_process_that_calls():
    assert set(CALLS) == {*SERVICES, "gateway", "sandbox"}


def test_whom_the_table_lets_ask_for_the_time_reaches_the_sandbox():
    dev = cluster("dev")
    callers = {pod.labels[NAME] for pod in dev.pods if dev.may_speak(pod, dev.pod("sandbox"), 8000)}
    assert callers - {"sandbox"} == {name for name, called in CALLS.items() if "sandbox" in called} - {"sandbox"}


def test_the_gateway_reaches_every_service(shipped: Cluster):
    gateway = shipped.pod("gateway")
    assert all(shipped.may_speak(gateway, shipped.pod(f"{name}-serve"), 8000) for name in SERVICES)


def test_nobody_calls_a_worker_a_migration_or_the_operators_pod(shipped: Cluster):
    hidden = [pod for pod in shipped.pods if pod.labels[COMPONENT] in {"work", "migrate", "topics", "operator"}]
    assert [(a.name, b.name) for a in shipped.pods for b in hidden if shipped.may_speak(a, b, 8000)] == []


def test_without_a_rule_nothing_is_allowed(shipped: Cluster):
    closed = shipped.named("NetworkPolicy", "closed")["spec"]
    assert closed == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_no_rule_opens_everything(shipped: Cluster):
    for policy in shipped.of_kind("NetworkPolicy"):
        for rule in [*(policy["spec"].get("ingress") or []), *(policy["spec"].get("egress") or [])]:
            assert rule.get("ports"), policy["metadata"]["name"]
            open_to_all = not rule.get("from") and not rule.get("to")
            assert not open_to_all or policy["metadata"]["name"] == "everyone-reaches-the-gateway"


def addresses(value: str) -> Iterator[tuple[str, int]]:
    """What a setting names: `http://host:port/...`, or `host:port`, several with commas between."""
    for part in value.split(","):
        if "://" in part:
            where = urlsplit(part)
            if where.hostname and where.port:
                yield where.hostname, where.port
        elif match := ADDRESS.match(part.strip()):
            yield match["host"], int(match["port"])


def readers(shipped: Cluster, variable: str) -> set[str]:
    """The components that act on an address; a process may know more addresses than it uses."""
    everyone = {pod.name for pod in shipped.pods}
    return {
        "STRIPE_API_BASE": {"payments-serve", "payments-work"},
        "SMTP_URL": {"notifications-serve", "notifications-work"},
        "KAFKA_BOOTSTRAP_SERVERS": {
            pod.name for pod in shipped.pods if pod.labels[COMPONENT] not in {"migrate", "operator"}
        },
    }.get(variable, everyone)


def test_whoever_is_given_an_address_in_the_cluster_may_go_there():
    shipped = cluster("dev")
    seen = set()
    for pod in shipped.pods:
        for variable, value in shipped.environment(pod).items():
            for host, port in addresses(value) if pod.name in readers(shipped, variable) else ():
                if host in {"127.0.0.1", "localhost", pod.name}:
                    continue
                behind = shipped.behind(host, port)
                assert behind, f"{pod.name}: {variable}={value} leads to no Service"
                refused = [one.name for one in behind[0] if not shipped.may_speak(pod, one, behind[1])]
                assert not refused, f"{pod.name}: {variable}={value} is refused by a policy"
                seen.add(host)
    assert seen == {"postgres", "kafka", "sandbox", "gateway"}


def test_only_notifications_sends_mail_and_only_payments_reaches_stripe_outside():
    dev, production = cluster("dev"), cluster("production")
    sandbox = dev.pod("sandbox")
    mailing = {pod.labels[NAME] for pod in dev.pods if dev.may_speak(pod, sandbox, 8025)}
    assert mailing == {"notifications"}
    outside = {
        policy["metadata"]["name"]: policy["spec"]["podSelector"] for policy in production.of_kind("NetworkPolicy")
    }
    names = outside["to-providers"]["matchExpressions"][0]["values"]
    assert set(names) == {"payments", "booking"}  # Stripe, LiveKit
    assert "SMTP_URL" in example_secrets()["notifications"]


def test_every_process_reaches_its_stores():
    shipped = cluster("dev")
    for pod in shipped.pods:
        component = pod.labels[COMPONENT]
        stores = {name for name, port in {"postgres": 5432, "kafka": 9092}.items()
                  if shipped.may_speak(pod, shipped.pod(name), port)}  # fmt: skip
        expected = {"migrate": {"postgres"}, "operator": {"postgres"}, "topics": {"kafka"}, "gateway": {"kafka"}}
        expected |= {"postgres": set(), "kafka": set()}
        assert stores == expected.get(component, {"postgres", "kafka"}), pod.name
