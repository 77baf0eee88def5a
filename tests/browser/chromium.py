"""Chromium, driven by WebDriver through chromedriver. What a test presses and fills in has the name that it has for
assistive technology."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest

from estuary.settings import free_port
from tests.journey.world import eventually

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
CONTROLS = "input:not([type=hidden]), button, a, select, textarea"
TAB, ENTER, SPACE = "\ue004", "\ue007", " "
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
OF_A_FORMER_PAGE = ("stale element reference", "does not belong to the document")
NOT_OURS = ("network", "intervention")
"""Sources of console lines that report refusals which a test asks for, and Chromium's own advice."""
PRESENT = shutil.which("chromium") is not None and shutil.which("chromedriver") is not None

needs_chromium = pytest.mark.skipif(
    not PRESENT and os.environ.get("ESTUARY_REQUIRE_BROWSER") != "1",
    reason="needs Chromium and chromedriver: `make tools` installs them",
)


class WebDriverError(Exception):
    """What the browser refused."""


class PageChangedError(WebDriverError):
    """The element belongs to a page that has gone."""


class Chromium:
    """One browser with a profile of its own."""

    def __init__(self, http: aiohttp.ClientSession, session: str) -> None:
        """`session` is the address of a WebDriver session."""
        self._http, self._session = http, session

    async def call(self, method: str, path: str, **body: Any) -> Any:
        """One WebDriver command; raises WebDriverError."""
        sent = None if method != "POST" else body
        async with self._http.request(method, f"{self._session}{path}", json=sent) as answer:
            value = (await answer.json())["value"]
        if isinstance(value, dict) and "error" in value:
            why = f"{value['error']}: {value['message']}"
            refused = PageChangedError if any(one in why for one in OF_A_FORMER_PAGE) else WebDriverError
            raise refused(f"{path}: {why}")
        return value

    async def open(self, url: str) -> None:
        """Goes there, and waits until it is loaded."""
        await self.call("POST", "/url", url=url)

    async def url(self) -> str:
        return str(await self.call("GET", "/url"))

    async def title(self) -> str:
        return str(await self.call("GET", "/title"))

    async def text(self) -> str:
        """What the page shows."""
        [body] = await self.call("POST", "/elements", using="css selector", value="body")
        return str(await self.call("GET", f"/element/{body[ELEMENT]}/text"))

    async def shows(self, text: str) -> None:
        """Waits until the page shows that text."""

        async def look() -> None:
            try:
                found = await self.text()
            except (WebDriverError, ValueError) as error:  # between two pages
                raise AssertionError(text) from error
            assert text in found, f"{text!r} is not in {found!r} at {await self.url()}"

        await eventually(look, 10)

    async def is_at(self, url: str) -> None:
        """Waits until the address begins so."""

        async def look() -> None:
            assert (await self.url()).startswith(url), await self.url()

        await eventually(look, 10)

    async def controls(self) -> dict[str, str]:
        """The visible controls by their accessible names, in their order; each has a name, no two the same.

        Of the next page where this one goes meanwhile.
        """
        while True:
            with suppress(PageChangedError):
                return await self._controls()

    async def _controls(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in await self.call("POST", "/elements", using="css selector", value=CONTROLS):
            path = f"/element/{one[ELEMENT]}"
            if await self.call("GET", f"{path}/displayed"):
                name = await self.call("GET", f"{path}/computedlabel")
                assert name, f"a control has no name at {await self.url()}"
                assert name not in found, f"two controls are named {name}"
                found[name] = path
        return found

    async def fill(self, name: str, text: str) -> None:
        """Types into the field of that name, in place of what it holds."""
        path = (await self.controls())[name]
        await self.call("POST", f"{path}/clear")
        await self.call("POST", f"{path}/value", text=text)

    async def press(self, name: str) -> None:
        """Clicks what has that name."""
        await self.call("POST", f"{(await self.controls())[name]}/click")

    async def keys(self, text: str) -> None:
        """Strikes keys, wherever the focus is."""
        strokes = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        await self.call("POST", "/actions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    async def focused(self) -> str:
        """The accessible name of what has the focus."""
        active = await self.call("GET", "/element/active")
        return str(await self.call("GET", f"/element/{active[ELEMENT]}/computedlabel"))

    async def run(self, script: str, *arguments: Any) -> Any:
        """What an async function with that body returns in the page, given `a`, the arguments."""
        wrapped = (
            "const done = arguments[arguments.length - 1], a = Array.from(arguments).slice(0, -1);"
            f"(async () => {{ {script} }})().then(value => done({{value}}), error => done({{failed: String(error)}}))"
        )
        found = await self.call("POST", "/execute/async", script=wrapped, args=list(arguments))
        assert "failed" not in found, found
        return found.get("value")

    async def complaints(self) -> list[str]:
        """What the console has said since it was asked last: errors of scripts, and what a policy forbade."""
        entries = await self.call("POST", "/se/log", type="browser")
        loud = [entry for entry in entries if entry["level"] in ("WARNING", "SEVERE")]
        return [entry["message"] for entry in loud if entry["source"] not in NOT_OURS]

    async def add_authenticator(self, **other: Any) -> str:
        """Gives it a device with passkeys; its id."""
        return str(await self.call("POST", "/webauthn/authenticator", **(AUTHENTICATOR | other)))


@asynccontextmanager
async def chromedriver() -> AsyncIterator[str]:
    """Where it answers."""
    assert PRESENT, "ESTUARY_REQUIRE_BROWSER=1, and Chromium or chromedriver is missing: `make tools` installs them"
    port = free_port()
    running = await asyncio.create_subprocess_exec(
        *("chromedriver", f"--port={port}"), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(30):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        await running.wait()


@asynccontextmanager
async def chromium(http: aiohttp.ClientSession, driver: str, *, scripts: bool = True) -> AsyncIterator[Chromium]:
    """A browser with an empty profile; without `scripts` it runs none of any page."""
    with tempfile.TemporaryDirectory(prefix="estuary-chromium-") as profile:
        options: dict[str, Any] = {
            "binary": shutil.which("chromium"),
            "args": [*ARGUMENTS, f"--user-data-dir={profile}"],
            "prefs": {"profile.managed_default_content_settings.javascript": 1 if scripts else 2},
        }
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        async with http.post(f"{driver}/session", json={"capabilities": {"alwaysMatch": wanted}}) as answer:
            value = (await answer.json())["value"]
        assert "sessionId" in value, value
        browser = Chromium(http, f"{driver}/session/{value['sessionId']}")
        try:
            yield browser
        finally:
            await browser.call("DELETE", "")
