"""`estuary up`: everything in one process, in the foreground, until Ctrl-C."""

import asyncio
import time
from collections.abc import Mapping
from socket import socket

from estuary.run.all_in_one import AllInOne, build, running
from estuary.run.connection_limits import Admission
from estuary.run.postgres import migrate_all, open_database, schemas
from estuary.run.server import Server, listen, settle_memory
from estuary.run.terminal import banner, say
from estuary.seed import seed
from estuary.settings import EstuarySettings, gateway_environment
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
            all_in_one = build(settings, env, url)
            await serve(all_in_one, listener, began, Admission.of(GatewaySettings.of(env)))
    finally:
        listener.close()


async def serve(all_in_one: AllInOne, listener: socket, began: float, admission: Admission) -> None:
    """Serves everything behind that socket until a signal ends it."""
    assert all_in_one.gateway is not None
    hubs = [app.state.hub.stop for app in all_in_one.apps.values() if hasattr(app.state, "hub")]
    server = Server(all_in_one.gateway, hubs, admission)
    async with running(all_in_one):
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        seeding = asyncio.create_task(_seed(all_in_one, began))
        await asyncio.wait([serving, seeding], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            seeding.cancel()
        elif seeding.exception() is not None:
            server.should_exit = True
        await serving
        if seeding.done() and not seeding.cancelled():
            seeding.result()
        say("stopping")


async def _seed(all_in_one: AllInOne, began: float) -> None:
    """Demo data, then the gateway is ready and the banner is printed."""
    emails = await seed(all_in_one) if all_in_one.settings.stand_ins else []
    assert all_in_one.gateway is not None
    await ask(all_in_one.gateway, "/openapi.json", timeout=DOCUMENT_SECONDS)  # made now, and not while others wait
    settle_memory()  # stops everybody for a moment: before it is ready, and not while others wait
    all_in_one.gateway.seeded = True
    seconds = time.monotonic() - began
    print(banner(all_in_one.settings, emails, seconds), flush=True)
