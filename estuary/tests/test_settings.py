"""What an install adds to the environment of its services."""

from pathlib import Path

import pytest

from estuary.settings import EstuarySettings, service_environment


@pytest.mark.parametrize(
    ("host", "given", "limits"),
    [
        ("127.0.0.1", {}, "off"),
        ("localhost", {}, "off"),
        ("127.0.0.1", {"CATALOG_PLAN_LIMITS": "on"}, "on"),
        ("0.0.0.0", {}, None),
        ("127.0.0.1", {"STRIPE_SECRET_KEY": "sk_live_x"}, None),
    ],
)
def test_plans_limit_nothing_by_default_where_only_this_machine_can_call_the_sandbox(
    tmp_path: Path, host: str, given: dict[str, str], limits: str | None
) -> None:
    env = {"ESTUARY_HOST": host, "ESTUARY_HOME": str(tmp_path), "ESTUARY_SANDBOX_PUBLIC": "on", **given}
    assert service_environment(EstuarySettings.of(env), env).get("CATALOG_PLAN_LIMITS") == limits
