"""What the code promises beyond single files: every listed service has its parts, every wake-up its job."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from estuary.services import SERVICES, invariants, migrations
from shared.database.migrate import newest_version
from shared.events.audit import PRODUCERS

ROOT = Path(__file__).parents[2]
WOKEN = re.compile(r"wake_jobs(?:_after_commit)?\(([^)]*)\)")


@pytest.mark.parametrize("name", SERVICES)
def test_a_listed_service_has_its_parts(name: str):
    assert callable(import_module(f"services.{name}.app").create_app)
    assert all("select" in sql.lower() for sql in invariants(name).values())
    assert newest_version(migrations(name))


def test_each_service_has_a_module_of_events_and_nobody_else_has():
    assert set(PRODUCERS) == set(SERVICES)


def test_every_wake_up_names_a_job():
    files = [path for path in (ROOT / "services").rglob("*.py") if "tests" not in path.parts]
    woken = {
        name.strip(' "') for path in files for names in WOKEN.findall(path.read_text()) for name in names.split(",")
    }
    jobs = {
        name for path in files if path.name == "jobs.py" for name in re.findall(r'"(\w+)": Job\(', path.read_text())
    }
    assert woken
    assert woken <= jobs
