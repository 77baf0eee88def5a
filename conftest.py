"""Fixtures for all tests are in `devtools.testing.fixtures` and `devtools.stripe.fixtures`."""

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["devtools.testing.fixtures", "devtools.stripe.fixtures"]

ONE_AT_A_TIME = {
    "instance": re.compile(
        r"^tests/(test_journey|erasure/|storm/|edge/|browser/|deploy/test_backup)|estuary/tests/test_start"
    ),
    "telemetry": re.compile(r"^tests/telemetry/"),
    "kafka": re.compile(r"test_bus_kafka|\[kafka|^tests/test_cluster|test_consumes_from_a_real_broker"),
}
"""Tests that share an instance, or a broker, or that need most of the machine: one process runs them in turn."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "Scheduling":
    """Replaces `--dist`: the groups of xdist 3.8 are lost with pytest 9.2, which ignores the names that it gives."""
    return Scheduling(config, log)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Each test goes to whichever process is free, those of one group to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for name, tests in ONE_AT_A_TIME.items() if tests.search(nodeid)), nodeid)
