"""The story is told once for all that look at it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.testing.databases import scratch
from tests.telemetry.collector import collecting
from tests.telemetry.story import Story, tell


@pytest.fixture(scope="session")
def story() -> Iterator[Story]:
    """What the collector and the log saw."""
    folder = Path(tempfile.mkdtemp(prefix="estuary-", dir=scratch()))
    folder.chmod(0o755)  # else Postgres, run as root, would keep its data elsewhere
    with collecting() as collector:
        yield tell(collector, folder)
    shutil.rmtree(folder, ignore_errors=True)
