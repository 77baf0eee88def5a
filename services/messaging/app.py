"""Wires messaging together."""

from fastapi import FastAPI

from services.messaging import erasure, privacy
from services.messaging.conversations import consumers as conversation_consumers
from services.messaging.conversations import routes as conversations
from services.messaging.directory import consumers as directory_consumers
from services.messaging.directory import jobs as directory_jobs
from services.messaging.live import routes as live
from services.messaging.live.live_conversations import LiveConversations
from services.messaging.live.presence import Presence
from services.messaging.live.updates import ChatUpdates
from services.messaging.messages import routes as messages
from services.messaging.moderation import routes as moderation
from services.messaging.participants import jobs as participant_jobs
from shared.live.broadcaster import Broadcaster
from shared.live.hub import Hub
from shared.runtime import Runtime
from shared.web.app import build

FRAMES = "messaging.frames"
ROUTERS = [messages.router, conversations.router, moderation.router, moderation.admin, live.router]
CONSUMERS = {
    **directory_consumers.CONSUMERS,
    **conversation_consumers.CONSUMERS,
    **erasure.CONSUMERS,
    **privacy.CONSUMERS,
}
JOBS = {**directory_jobs.JOBS, **participant_jobs.JOBS}


def create_app(runtime: Runtime) -> FastAPI:
    """The messaging service, with what the sockets of this process share."""
    hub = Hub(runtime.bus, FRAMES, runtime.verifier)
    open_here = LiveConversations(runtime.db, runtime.bus, FRAMES, hub, runtime.clock)
    presence = Presence(runtime.bus, open_here.presence_changed)
    app = build(
        runtime,
        title="Estuary messaging",
        routers=ROUTERS,
        consumers=CONSUMERS,
        privacy=privacy.PRIVACY,
        jobs=JOBS,
        on_start=[open_here.start, hub.start, presence.start],
        on_stop=[hub.stop, presence.stop, open_here.stop],
    )
    app.state.hub, app.state.live_conversations, app.state.presence = hub, open_here, presence
    app.state.live = ChatUpdates(Broadcaster(runtime.bus, FRAMES), presence, open_here)
    return app
