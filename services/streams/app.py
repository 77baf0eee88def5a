"""Streams' wiring."""

from fastapi import FastAPI

from services.streams.channels import routes as channels
from services.streams.comments import routes as comments
from services.streams.consumers import CONSUMERS
from services.streams.follows import routes as follows
from services.streams.jobs import JOBS
from services.streams.posts import routes as posts
from services.streams.reactions import routes as reactions
from services.streams.settings import StreamsSettings
from shared.runtime import Runtime
from shared.web.app import build


def create_app(runtime: Runtime) -> FastAPI:
    """The streams service over these surroundings."""
    runtime.db.info["settings"] = StreamsSettings.of(runtime.env)
    return build(
        runtime,
        title="Estuary streams",
        routers=[follows.router, channels.router, posts.router, comments.router, reactions.router],
        consumers=CONSUMERS,
        jobs=JOBS,
    )
