"""Puts notifications together."""

from fastapi import FastAPI

from services.notifications.consumers import CONSUMERS
from services.notifications.jobs import JOBS
from services.notifications.mail import Mailer
from services.notifications.routes import router, sockets
from services.notifications.runtime import NotificationsRuntime
from services.notifications.settings import Settings
from shared.live.sockets import Hints, Hub
from shared.runtime import Runtime
from shared.web.app import build

HINTS = "notifications.frames"


def create_app(runtime: Runtime) -> FastAPI:
    """The service, with its sockets and its way out for mail."""
    settings = Settings.of(runtime.env)
    mailer = Mailer(settings.smtp_url, settings.mail_from, settings.smtp_connections)
    own = NotificationsRuntime.of(runtime, mailer=mailer)
    own.db.info["settings"] = settings
    own.db.info["hints"] = Hints(own.bus, HINTS)
    hub = Hub(own.bus, HINTS, own.verifier)
    app = build(
        own,
        title="notifications",
        routers=[router, sockets],
        consumers=CONSUMERS,
        jobs=JOBS,
        on_start=[hub.start],
        on_stop=[hub.stop, mailer.stop],
    )
    app.state.hub = hub
    return app
