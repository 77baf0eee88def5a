"""`estuary up`: everything in one process, in the foreground, until Ctrl-C."""

import asyncio
import socket
import sys
import time
from collections.abc import Mapping

from estuary.database import migrate_all, open_database, schemas
from estuary.house import House, build, running
from estuary.seed import seed
from estuary.server import Server, settle_memory
from estuary.settings import EstuarySettings
from shared.settings import SettingsError

BANNER = """
Estuary is ready: {address}      (in {seconds:.1f} s; Ctrl-C ends it, the data stay in {home})

  API and documentation   {address}/docs
{stand_ins}
Try first:  curl {address}/api/v1/services/
            make demo        (in another terminal: the whole story, step by step)
"""
STAND_INS = """  mails that were sent    {address}/sandbox/mail/
  Stripe's side           {address}/sandbox/stripe/v1/  (key sk_test_estuary)
{accounts}"""
ACCOUNTS = """  demo accounts           {emails}
                          password: estuary-demo
"""


class PortTaken(SettingsError):
    """Another program listens there."""


async def up(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """Starts everything and serves until a signal; raises SettingsError with one clear line."""
    began = time.monotonic()
    listener = listen(settings)
    try:
        async with open_database(settings, say) as url:
            await migrate_all(url, schemas(settings), say)
            house = build(settings, {"GATEWAY_ACCESS_LOG": "off", **env}, url)
            await serve(house, listener, began)
    finally:
        listener.close()


def listen(settings: EstuarySettings) -> socket.socket:
    """The listening socket, before anything else is started; PortTaken if it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise PortTaken(f"ESTUARY_PORT: {settings.host}:{settings.port} cannot be used: {reason}") from None
    listener.setblocking(False)
    return listener


async def serve(house: House, listener: socket.socket, began: float) -> None:
    """Runs the house behind that socket until uvicorn is told to stop."""
    assert house.gateway is not None
    server = Server(house.gateway, [app.state.hub.stop for app in house.apps.values() if hasattr(app.state, "hub")])
    async with running(house):
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        furnishing = asyncio.create_task(_furnish(house, began))
        await asyncio.wait([serving, furnishing], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            furnishing.cancel()
        elif furnishing.exception() is not None:
            server.should_exit = True
        await serving
        if furnishing.done() and not furnishing.cancelled():
            furnishing.result()
        say("stopping")


async def _furnish(house: House, began: float) -> None:
    """Demo data, then the doors open and the banner is printed."""
    emails = await seed(house) if house.settings.stand_ins else []
    assert house.gateway is not None
    house.gateway.open = True
    settle_memory()
    seconds = time.monotonic() - began
    print(banner(house.settings, emails, seconds), flush=True)


def banner(settings: EstuarySettings, emails: list[str], seconds: float) -> str:
    """What a newcomer needs to know."""
    accounts = ACCOUNTS.format(emails=", ".join(emails)) if emails else ""
    stand_ins = STAND_INS.format(address=settings.address, accounts=accounts) if settings.stand_ins else ""
    home = settings.home.resolve()
    return BANNER.format(address=settings.address, seconds=seconds, home=home, stand_ins=stand_ins)


def say(line: str) -> None:
    """One line for the person at the terminal."""
    print(f"  {line}", file=sys.stdout, flush=True)
