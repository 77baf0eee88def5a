"""Messaging alone, as `estuary serve messaging` runs it, on the database of an instance that runs beside it.

The bus is in memory, so that a measurement needs no Kafka; what is emitted is left to the instance's relay.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any

import aiohttp
import uvloop

from estuary.run.process import app_running
from estuary.run.server import Server, listen
from estuary.run.service_keys import derived
from estuary.services import create_app
from estuary.settings import EstuarySettings
from shared.auth.verification import Verifier
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.messaging.bus import InProcessBus
from shared.peers import Peers
from shared.records.clock import SystemClock
from shared.runtime import Runtime

INSTANCE = "BENCH_INSTANCE"
"""The URL of the instance, whose tokens are good here too."""


async def _keys() -> Mapping[str, Any]:
    async with aiohttp.ClientSession() as http, http.get(f"{os.environ[INSTANCE]}/.well-known/jwks.json") as answer:
        return dict(await answer.json())


async def serve() -> None:
    """Until a signal."""
    settings = EstuarySettings.of(os.environ)
    clock, verifier = SystemClock(), Verifier(_keys)
    db = Database(
        settings.database_url, schema="messaging", clock=clock, role=role_of("messaging"), pool_size=settings.pool_size
    )
    peers = Peers({}, derived("messaging", "k" * 32).token)
    runtime = Runtime("messaging", db, InProcessBus(), peers, clock, verifier, os.environ)
    app = create_app("messaging", runtime)
    async with app_running(runtime, app):
        await Server(app, [app.state.hub.stop]).serve(sockets=[listen(settings)])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
