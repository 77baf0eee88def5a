"""Alerts and the dashboard speak of metrics that exist, by labels that they have."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from tests.deploy.manifests import K8S, ROOT

MONITORING = K8S / "components/monitoring"
PROMETHEUS_OWN = {"pod", "namespace", "job", "instance", "le"}
METRIC = re.compile(r"\b(estuary_\w+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
SUFFIXES = ("_total", "_bucket", "_sum", "_count")


def known() -> dict[str, set[str]]:
    """Every metric of ours with its labels."""
    import_module("shared.observability.metrics")
    for file in sorted(ROOT.glob("services/*/**/metrics.py")):
        import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    collectors: list[Any] = list(REGISTRY._collector_to_names)
    named = [one for one in collectors if getattr(one, "_name", "").startswith("estuary_")]
    return {one._name: set(one._labelnames) for one in named}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["spec"]["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MONITORING / "estuary.json").read_text())
    return found


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in alerts())
    yield from (target["expr"] for panel in dashboard()["panels"] for target in panel["targets"])


def test_every_metric_is_documented_and_no_other():
    known()
    ours = [one for one in REGISTRY.collect() if one.name.startswith("estuary_")]
    names = {one.name + ("_total" if one.type == "counter" else "") for one in ours}
    page = (ROOT / "docs/telemetry.md").read_text()
    assert set(re.findall(r"\bestuary_\w+", page)) == names


@pytest.mark.parametrize("expression", list(expressions()))
def test_metrics_and_labels_exist(expression: str):
    metrics, labels = known(), set(PROMETHEUS_OWN)
    for name, matchers in METRIC.findall(expression):
        base = next((name[: -len(suffix)] for suffix in SUFFIXES if name.endswith(suffix)), name)
        assert base in metrics, f"there is no metric {name}"
        labels |= metrics[base]
        assert set(re.findall(r"(\w+)\s*[=!]", matchers)) <= metrics[base]
    for group in GROUPED.findall(expression):
        assert {label.strip() for label in group.split(",")} <= labels


def test_an_alert_says_what_is_wrong_and_what_to_do():
    for rule in alerts():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert set(rule["annotations"]) == {"summary", "description"}
    assert len({rule["alert"] for rule in alerts()}) == len(alerts())


def test_panels_do_not_overlap():
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard()["panels"]]
    assert len(places) == len(set(places))
    assert len({panel["id"] for panel in dashboard()["panels"]}) == len(places)
