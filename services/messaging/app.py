"""Puts messaging together."""

from fastapi import FastAPI

from services.messaging.consumers import CONSUMERS
from services.messaging.jobs import JOBS
from services.messaging.presence import Presence
from services.messaging.rooms import Rooms
from services.messaging.routes import admin, router, sockets
from shared.live.sockets import Hints, Hub
from shared.runtime import Runtime
from shared.web.app import build

HINTS = "messaging.frames"


def create_app(runtime: Runtime) -> FastAPI:
    """The service, with what its sockets share."""
    hub = Hub(runtime.bus, HINTS, runtime.verifier)
    rooms = Rooms(runtime.db, runtime.bus, HINTS, hub, runtime.clock)
    presence = Presence(runtime.bus, rooms.changed)
    runtime.db.info.update(hints=Hints(runtime.bus, HINTS), presence=presence, rooms=rooms)
    app = build(
        runtime,
        title="Estuary messaging",
        routers=[router, admin, sockets],
        consumers=CONSUMERS,
        jobs=JOBS,
        on_start=[rooms.start, hub.start, presence.start],
        on_stop=[hub.stop, presence.stop, rooms.stop],
    )
    app.state.hub, app.state.rooms, app.state.presence = hub, rooms, presence
    return app
