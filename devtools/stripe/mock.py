"""stripe-mock: Stripe's own server for tests, which knows every call and parameter, and remembers nothing."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import aiohttp
import pytest

from estuary.sandbox.stripe import forms
from estuary.sandbox.stripe.routes import route_of
from estuary.settings import free_port

REQUIRED = "ESTUARY_REQUIRE_STRIPE_MOCK"
REFUSED = 400
SECONDS_TO_START = 20
HEADERS = {"Authorization": "Bearer sk_test_estuary"}
PASSED_ON = ("content-type", "idempotency-key", "stripe-account")


def find() -> str | None:
    """The program, where `make tools` has installed it, or anywhere in PATH."""
    beside = Path(sys.executable).with_name("stripe-mock")
    return str(beside) if beside.exists() else shutil.which("stripe-mock")


needs_stripe_mock = pytest.mark.skipif(
    find() is None and os.environ.get(REQUIRED) != "1",
    reason="needs stripe-mock: `make tools` installs it where there is Go",
)


class StripeMock:
    """A running stripe-mock that judges calls; each shape of a call once, since it looks at names and types."""

    def __init__(self, program: str) -> None:
        """Starts nothing until the first call."""
        self._program, self._port = program, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._seen = set[Any]()

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    async def call(self, method: str, path: str, query: str, body: bytes, headers: dict[str, str]) -> list[str]:
        """What Stripe would refuse of that call; `path` is the one below /v1/."""
        shape = (method, route_of(path)[0], _shape(forms.parse(query)), _shape(forms.parse(body.decode())))
        if shape in self._seen:
            return []
        passed = HEADERS | {name: headers[name] for name in PASSED_ON if name in headers}
        url = f"http://127.0.0.1:{self._port}/v1/{path}" + (f"?{query}" if query else "")
        async with aiohttp.ClientSession() as client:
            if self._process is None:
                await self._start(client)
            async with client.request(method, url, data=body or None, headers=passed) as response:
                said = await response.text()
        self._seen.add(shape)
        sent = unquote_plus(query or body.decode())
        return [f"{method} {path} with {sent}: {said}"] if response.status >= REFUSED else []

    def _run(self) -> subprocess.Popen[bytes]:
        command = [self._program, "-http-port", str(self._port), "-https-port", "-1"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def _start(self, client: aiohttp.ClientSession) -> None:
        self._process = self._run()
        async with asyncio.timeout(SECONDS_TO_START):
            while True:
                try:
                    async with client.get(f"http://127.0.0.1:{self._port}"):
                        return
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.05)


def _shape(value: Any) -> Any:
    """Words may be one of a few that Stripe knows; of all else the type counts."""
    if isinstance(value, dict):
        return tuple((name, _shape(inner)) for name, inner in sorted(value.items()))
    if isinstance(value, list):
        return tuple(_shape(inner) for inner in value)
    word = value.isascii() and value.replace("_", "").replace(".", "").isalpha()
    return value if word or not value else "digits" if value.isdigit() else "text"
