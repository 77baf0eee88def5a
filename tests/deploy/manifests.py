"""The manifests as a cluster would get them, and what they say: pods, their environment, who may speak to whom."""

import base64
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy/k8s"
WORKLOADS = {"Deployment", "StatefulSet", "Job"}
NAME, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"
Object = dict[str, Any]


@cache
def rendered(folder: str) -> tuple[Object, ...]:
    """Everything in that overlay of ours; see `render`."""
    return tuple(render(K8S / folder))


def render(folder: Path) -> Iterator[Object]:
    """Everything in that folder; skips the test on a machine with neither kubectl nor kustomize."""
    for command in (["kubectl", "kustomize"], ["kustomize", "build"]):
        if shutil.which(command[0]):
            text = subprocess.run([*command, str(folder)], check=True, capture_output=True, text=True).stdout
            return iter(yaml.load_all(text, Loader=yaml.CSafeLoader))
    pytest.skip("neither kubectl nor kustomize is installed: the manifests cannot be rendered")


def labels(thing: Object) -> Mapping[str, str]:
    found: Mapping[str, str] = thing["metadata"].get("labels") or {}
    return found


def selects(selector: Object | None, labelled: Mapping[str, str]) -> bool:
    """Whether a label selector fits; an empty one fits all."""
    selector = selector or {}
    equal = all(labelled.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())
    return equal and all(_fits(rule, labelled) for rule in selector.get("matchExpressions") or [])


def _fits(rule: Object, labelled: Mapping[str, str]) -> bool:
    value, values = labelled.get(rule["key"]), rule.get("values") or []
    return {
        "In": value in values,
        "NotIn": value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }[rule["operator"]]


@dataclass(frozen=True)
class Pod:
    """The pods of one workload, before their containers know where they run."""

    kind: str
    name: str
    template: Object = field(hash=False, repr=False)

    @property
    def labels(self) -> Mapping[str, str]:
        return labels(self.template)

    @property
    def spec(self) -> Object:
        found: Object = self.template["spec"]
        return found

    @property
    def containers(self) -> list[Object]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def main(self) -> Object:
        found: Object = self.spec["containers"][0]
        return found

    def port(self, wanted: str | int) -> int | None:
        """The number of a port that the pod's container names or has."""
        for port in self.main.get("ports", []):
            if wanted in {port["name"], port["containerPort"]}:
                return int(port["containerPort"])
        return None


@dataclass(frozen=True)
class Cluster:
    """One rendered overlay."""

    objects: tuple[Object, ...]

    def of_kind(self, *kinds: str) -> list[Object]:
        return [thing for thing in self.objects if thing["kind"] in kinds]

    def named(self, kind: str, name: str) -> Object:
        return next(thing for thing in self.of_kind(kind) if thing["metadata"]["name"] == name)

    @property
    def pods(self) -> list[Pod]:
        found = self.of_kind(*WORKLOADS)
        return [Pod(thing["kind"], thing["metadata"]["name"], thing["spec"]["template"]) for thing in found]

    def pod(self, name: str) -> Pod:
        return next(pod for pod in self.pods if pod.name == name)

    def behind(self, service: str, port: int) -> tuple[list[Pod], int] | None:
        """The pods behind a Service, and their own port; None without such a Service or port."""
        for thing in self.of_kind("Service"):
            if thing["metadata"]["name"] == service:
                chosen = [p for p in self.pods if selects({"matchLabels": thing["spec"]["selector"]}, p.labels)]
                targets = [p["targetPort"] for p in thing["spec"]["ports"] if p["port"] == port]
                number = chosen[0].port(targets[0]) if chosen and targets else None
                return (chosen, number) if number else None
        return None

    def environment(self, pod: Pod, secrets: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, str]:
        """What the pod's container gets; Secrets that are made beforehand come from `secrets`."""
        found: dict[str, str] = {}
        for source in pod.main.get("envFrom", []):
            if "configMapRef" in source:
                found |= self.named("ConfigMap", source["configMapRef"]["name"]).get("data") or {}
            else:
                found |= self._secret(source["secretRef"]["name"], secrets or {})
        return found | {one["name"]: one.get("value", "") for one in pod.main.get("env", [])}

    def _secret(self, name: str, others: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
        if name in others:
            return others[name]
        data = self.named("Secret", name)["data"]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    def may_speak(self, caller: Pod, callee: Pod, port: int) -> bool:
        """Whether the policies of both ends allow it."""
        return self._allowed("Egress", caller, callee, port) and self._allowed("Ingress", callee, caller, port)

    def _allowed(self, direction: str, own: Pod, other: Pod, port: int) -> bool:
        rules = list(self._rules(direction, own))
        receiver = own if direction == "Ingress" else other
        return any(_peers(rule, direction, other) and _ports(rule, receiver, port) for rule in rules)

    def _rules(self, direction: str, pod: Pod) -> Iterator[Object]:
        for policy in self.of_kind("NetworkPolicy"):
            spec = policy["spec"]
            if direction in spec["policyTypes"] and selects(spec["podSelector"], pod.labels):
                yield from spec.get(direction.lower()) or []


def _peers(rule: Object, direction: str, other: Pod) -> bool:
    peers = rule.get("from" if direction == "Ingress" else "to")
    if not peers:
        return True
    inside = [peer for peer in peers if "namespaceSelector" not in peer and "ipBlock" not in peer]
    return any(selects(peer["podSelector"], other.labels) for peer in inside)


def _ports(rule: Object, receiver: Pod, port: int) -> bool:
    return not rule.get("ports") or any(receiver.port(one["port"]) == port for one in rule["ports"])


def cluster(overlay: str) -> Cluster:
    """That overlay, rendered."""
    return Cluster(rendered(f"overlays/{overlay}"))


@cache
def example_secrets() -> dict[str, dict[str, str]]:
    """The Secrets that an install of the production overlay makes beforehand, by name."""
    text = (K8S / "overlays/production/secrets.example.yaml").read_text()
    return {one["metadata"]["name"]: one["stringData"] for one in yaml.safe_load_all(text)}
