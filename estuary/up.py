"""`estuary up`: everything in one process, in the foreground, until Ctrl-C."""

import asyncio
import time
from collections.abc import Mapping
from socket import socket

from estuary.database import migrate_all, open_database, schemas
from estuary.house import House, build, running
from estuary.limits import Admission
from estuary.seed import seed
from estuary.server import Server, listen, settle_memory
from estuary.settings import EstuarySettings, gateway_environment
from estuary.terminal import banner, say
from gateway.asgi import ask
from gateway.settings import GatewaySettings

DOCUMENT_SECONDS = 60.0


async def up(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """Starts everything and serves until a signal; raises SettingsError with one clear line."""
    began = time.monotonic()
    listener = listen(settings)
    try:
        async with open_database(settings, say) as url:
            await migrate_all(url, schemas(settings), say)
            env = gateway_environment(settings, {"GATEWAY_ACCESS_LOG": "off", **env})
            house = build(settings, env, url)
            await serve(house, listener, began, Admission.of(GatewaySettings.of(env)))
    finally:
        listener.close()


async def serve(house: House, listener: socket, began: float, admission: Admission) -> None:
    """Runs the house behind that socket until uvicorn is told to stop."""
    assert house.gateway is not None
    hubs = [app.state.hub.stop for app in house.apps.values() if hasattr(app.state, "hub")]
    server = Server(house.gateway, hubs, admission)
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
    await ask(house.gateway, "/openapi.json", timeout=DOCUMENT_SECONDS)  # made now, and not while others wait
    house.gateway.open = True
    settle_memory()
    seconds = time.monotonic() - began
    print(banner(house.settings, emails, seconds), flush=True)
