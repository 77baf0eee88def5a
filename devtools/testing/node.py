"""Packages from npm, which `make tools` installs in `tests/node`."""

import os
import shutil
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[2] / "tests" / "node" / "node_modules"


def needs_node(package: str) -> pytest.MarkDecorator:
    """Skips where node or that package is missing; with ESTUARY_REQUIRE_NODE=1 `demand_node` fails instead."""
    return pytest.mark.skipif(
        not _has(package) and os.environ.get("ESTUARY_REQUIRE_NODE") != "1",
        reason=f"needs node 20 and {package}: `make tools` installs them",
    )


def demand_node(package: str) -> None:
    """Fails where node or that package is missing."""
    assert _has(package), f"ESTUARY_REQUIRE_NODE=1, and node or {package} is missing: `make tools` installs them"


def _has(package: str) -> bool:
    return shutil.which("node") is not None and (MODULES / package).is_dir()
