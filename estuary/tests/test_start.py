"""The commands themselves: wrong settings end them in one breath, the right ones bring an instance up."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.__main__ import main as devtools
from devtools.testing.databases import Databases
from estuary.cli import main
from estuary.tests.test_check import RIGHT, WRONG
from tests.instance import Instance

REAL = {name: value for name, value in RIGHT.items() if not name.startswith(("DATABASE_", "KAFKA_"))}
STARTING = ("up", "gateway", "migrate", "topics", "serve payments", "work booking", "await-schema booking")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Runs a command with these variables alone; answers how it ended."""

    def call(command: str, env: dict[str, str]) -> str | int | None:
        for name in os.environ:
            if name.startswith(("ESTUARY_", "STRIPE_", "KAFKA_", "IDENTITY_", "LIVEKIT_", "DATABASE_URL")):
                monkeypatch.delenv(name)
        for name, value in ({"ESTUARY_HOME": str(tmp_path / "home")} | env).items():
            monkeypatch.setenv(name, value)
        words = command.split()
        entry = devtools if words[0] == "devtools" else main
        monkeypatch.setattr("sys.argv", words if words[0] == "devtools" else ["estuary", *words])
        with pytest.raises(SystemExit) as ended:
            entry()
        return ended.value.code

    return call


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Whoever is root keeps no data below a folder that others may not enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


class TestWrongSettings:
    @pytest.mark.parametrize(("change", "name"), WRONG.values(), ids=WRONG.keys())
    def test_up_names_it_and_makes_nothing(self, run, tmp_path: Path, change: dict[str, str], name: str):
        assert f"\n  {name}: " in str(run("up", RIGHT | change))
        assert not (tmp_path / "home").exists()

    @pytest.mark.parametrize("command", STARTING)
    def test_no_command_starts_a_process(self, run, command: str):
        lines = str(run(command, RIGHT | {"ESTUARY_METRICS_TOKEN": "short"})).splitlines()
        assert lines == [
            "estuary: nothing starts with these settings:",
            "  ESTUARY_METRICS_TOKEN: has 5 characters, and needs at least 32",
        ]

    def test_check_prints_them(self, run, capsys: pytest.CaptureFixture[str]):
        assert run("check", REAL | {"ESTUARY_METRICS_TOKEN": "short", "SMTP_URL": "smtp://mail.example.com"}) == 1
        lines = capsys.readouterr().out.splitlines()
        assert [line.partition(":")[0] for line in lines] == ["ESTUARY_METRICS_TOKEN", "SMTP_URL", "2 unsafe settings"]

    def test_check_finds_nothing_in_the_right_ones(self, run, capsys: pytest.CaptureFixture[str]):
        assert run("check", REAL) in {None, 0}
        assert capsys.readouterr().out == "no unsafe setting\n"

    def test_blanks_and_line_breaks_around_a_value_are_not_part_of_it(self, run, capsys: pytest.CaptureFixture[str]):
        blanks = {name: f" {value}\r\n" for name, value in REAL.items()}
        assert run("check", blanks | {"ESTUARY_CURRENCY": "EUR\n", "STRIPE_PUBLISHABLE_KEY": "pk_test_51Hxyz\n"}) == 1
        assert capsys.readouterr().out.splitlines()[0] == (
            "STRIPE_PUBLISHABLE_KEY: is of test mode, STRIPE_SECRET_KEY of live mode"
        )
        assert all(os.environ[name] == value for name, value in REAL.items() if "PUBLISHABLE" not in name)

    @pytest.mark.parametrize("home", ["my projects", "o'brien", 'a "b"', "$HOME"])
    def test_a_folder_that_postgres_cannot_name_is_refused_in_a_line(self, run, open_folder: Path, home: str):
        ended = str(run("migrate", {"ESTUARY_HOME": str(open_folder / home)}))
        assert ended.startswith("estuary: ESTUARY_HOME: ")
        assert ended.count("\n") == 0

    def test_what_listens_nowhere_is_not_asked_where(self, run):
        assert "KAFKA_BOOTSTRAP_SERVERS" in str(run("topics", {"ESTUARY_HOST": "0.0.0.0"}))

    @pytest.mark.parametrize("command", ["up", "gateway", "sandbox", "serve booking"])
    def test_the_sandbox_does_not_start_for_everybody(self, run, command: str):
        assert "ESTUARY_HOST: 0.0.0.0" in str(run(command, {"ESTUARY_HOST": "0.0.0.0"}))

    def test_neither_does_a_cluster_start_with_wrong_settings(self, run):
        ended = str(run("devtools cluster", RIGHT | {"ESTUARY_METRICS_TOKEN": "short"}))
        assert ended.endswith("\n  ESTUARY_METRICS_TOKEN: has 5 characters, and needs at least 32")

    def test_staff_create_looks_at_the_address_before_it_asks_for_a_password(self, run, databases: Databases):
        env = {"DATABASE_URL": asyncio.run(databases.clone("identity"))}
        assert run("staff create boss@example.com --password correct-horse", env) in {None, 0}
        assert str(run("staff create BOSS@example.com", env)).startswith("estuary: BOSS@example.com: ")
        assert str(run("staff create boss", env)).startswith("estuary: email: ")


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    instance = Instance(tmp_path)
    yield instance
    instance.kill()


@pytest.mark.slow
class TestRightSettings:
    @pytest.mark.timeout(300)
    def test_they_start_and_a_database_of_the_demo_does_not(self, instance: Instance, run):
        instance.start()
        instance.stop()
        instance.env |= REAL
        with pytest.raises(RuntimeError, match="DATABASE_URL: holds accounts of the demo"):
            instance.start()
        assert run("check", REAL | {"ESTUARY_HOME": instance.env["ESTUARY_HOME"]}) == 1
        instance.env["ESTUARY_HOME"] += "-real"
        instance.start()
