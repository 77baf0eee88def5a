"""Network policies allow the arrows that are in the code, and no other."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from estuary.services import PROCESSES, SERVICES
from gateway.routes import ROUTES
from shared.auth.internal_callers import CALLS, EVERYBODY, calls_of
from shared.peers import Endpoint
from tests.deploy.manifests import COMPONENT, NAME, ROOT, Cluster, Pod, cluster, example_secrets

KINDS = ("serve", "work")
INTERNAL = "shared.internal."
ADDRESS = re.compile(r"^(?P<host>[a-z][a-z0-9-]*):(?P<port>\d+)$")


@pytest.fixture(params=["dev", "production"])
def shipped(request: pytest.FixtureRequest) -> Cluster:
    return cluster(request.param)


def called_in_the_code(service: str) -> set[str]:
    """The services whose operations are asked for by `peers.ask`; identity is asked for keys by all."""
    return ({"identity"} | called_in(ROOT / "services" / service)) - {service}


def called_in(folder: Path) -> set[str]:
    files = [path for path in folder.rglob("*.py") if "tests" not in path.parts]
    return {name for path in files for name in _called(ast.parse(path.read_text()))}


def reached_by(shipped: Cluster, caller: Pod) -> set[str]:
    """The services, and the sandbox, whose HTTP the policies let that pod reach."""
    answering = [pod for pod in shipped.pods if pod.labels[COMPONENT] in {"serve", "sandbox"}]
    return {pod.labels[NAME] for pod in answering if shipped.may_speak(caller, pod, 8000)}


def _called(tree: ast.AST) -> Iterator[str]:
    operations = _operations_in(tree)
    for method, which in _calls_of_peers(tree):
        match method, which:
            case "ask", ast.Name(id=name):
                yield operations[name]
            case "ask", ast.Attribute(
                value=ast.Attribute(attr="operations") | ast.Subscript(value=ast.Name("OF_EACH"))
            ):
                yield from SERVICES  # what each service has: its audit log, what it holds of a person
            case "get", ast.Constant(value=name):
                yield str(name)
            case _:
                raise AssertionError(f"which service is called by peers.{method}({ast.unparse(which)})?")


def _calls_of_peers(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The method and the first argument of each call of a method of `peers`, or of something's `peers`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="peers") | ast.Attribute(attr="peers"), attr=method),
                args=[which, *_],
            ) if method in {"ask", "get", "call"}:
                yield method, which


def _operations_in(tree: ast.AST) -> dict[str, str]:
    """The service that answers each operation that is imported from `shared.internal`."""
    imported = (
        (alias.asname or alias.name, getattr(import_module(node.module), alias.name))
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith(INTERNAL)
        for alias in node.names
    )
    return {name: found.service for name, found in imported if isinstance(found, Endpoint)}


def pods_of(shipped: Cluster, service: str) -> list[Pod]:
    return [shipped.pod(f"{service}-{process}") for process in KINDS]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reaches_those_that_its_code_calls_and_no_others(shipped: Cluster, service: str):
    for caller in pods_of(shipped, service):
        reached = {name for name in SERVICES if shipped.may_speak(caller, shipped.pod(f"{name}-serve"), 8000)}
        assert reached - {service} == called_in_the_code(service)


@pytest.mark.parametrize("service", SERVICES)
def test_the_table_of_callers_is_what_the_code_and_the_policies_say(shipped: Cluster, service: str):
    in_the_table = calls_of(service) - {service, "sandbox"}
    assert in_the_table == called_in_the_code(service)
    for caller in pods_of(shipped, service):
        reached = {name for name in SERVICES if shipped.may_speak(caller, shipped.pod(f"{name}-serve"), 8000)}
        assert reached - {service} == in_the_table


def test_the_table_of_callers_names_every_process_and_no_others():
    assert set(CALLS) == set(PROCESSES)


def test_whom_the_table_lets_ask_for_the_time_reaches_the_sandbox():
    dev = cluster("dev")
    callers = {pod.labels[NAME] for pod in dev.pods if dev.may_speak(pod, dev.pod("sandbox"), 8000)}
    assert callers - {"sandbox"} == {name for name in PROCESSES if "sandbox" in calls_of(name)} - {"sandbox"}


def test_every_process_calls_what_the_code_around_the_services_calls():
    assert called_in(ROOT / "estuary") == EVERYBODY
    assert called_in(ROOT / "gateway") == set()


def test_the_gateway_reaches_its_row_of_the_table_and_what_it_routes_to_and_nothing_else(shipped: Cluster):
    there = {pod.labels[NAME] for pod in shipped.pods if pod.labels[COMPONENT] in {"serve", "sandbox"}}
    assert calls_of("gateway") == EVERYBODY  # under /internal; what it routes to is called in the client's name
    wanted = (calls_of("gateway") | set(ROUTES.values())) & there
    assert reached_by(shipped, shipped.pod("gateway")) == wanted
    assert wanted >= set(SERVICES)


def test_the_sandbox_reaches_its_row_of_the_table_and_what_its_own_gateway_routes_to():
    dev = cluster("dev")
    assert calls_of("sandbox") == EVERYBODY
    assert reached_by(dev, dev.pod("sandbox")) - {"sandbox"} == (EVERYBODY | set(ROUTES.values())) - {"sandbox"}


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


def test_only_notifications_sends_mail_and_only_who_has_a_provider_reaches_outside():
    dev, production = cluster("dev"), cluster("production")
    sandbox = dev.pod("sandbox")
    mailing = {pod.labels[NAME] for pod in dev.pods if dev.may_speak(pod, sandbox, 8025)}
    assert mailing == {"notifications"}
    outside = {
        policy["metadata"]["name"]: policy["spec"]["podSelector"] for policy in production.of_kind("NetworkPolicy")
    }
    names = outside["to-providers"]["matchExpressions"][0]["values"]
    assert set(names) == {"payments", "booking", "identity"}  # Stripe, LiveKit, sign-in providers
    assert "SMTP_URL" in example_secrets()["notifications"]


@pytest.mark.parametrize("name", ["to-providers", "to-mail"])
@pytest.mark.parametrize("inside", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254"])
def test_the_way_outside_leads_to_no_address_of_a_cluster_or_its_machines(name: str, inside: str):
    [rule] = cluster("production").named("NetworkPolicy", name)["spec"]["egress"]
    [block] = [peer["ipBlock"] for peer in rule["to"]]
    assert block["cidr"] == "0.0.0.0/0"
    assert any(ip_address(inside) in ip_network(private) for private in block["except"])


def test_every_process_reaches_its_stores():
    shipped = cluster("dev")
    for pod in shipped.pods:
        component = pod.labels[COMPONENT]
        stores = {name for name, port in {"postgres": 5432, "kafka": 9092}.items()
                  if shipped.may_speak(pod, shipped.pod(name), port)}  # fmt: skip
        expected = {"migrate": {"postgres"}, "operator": {"postgres"}, "topics": {"kafka"}, "gateway": {"kafka"}}
        expected |= {"postgres": set(), "kafka": set()}
        assert stores == expected.get(component, {"postgres", "kafka"}), pod.name
