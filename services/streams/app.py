"""Wires streams together."""

from fastapi import FastAPI

from services.streams import erasure, privacy
from services.streams.directory import consumers as directory_consumers
from services.streams.directory import jobs as directory_jobs
from services.streams.posts import jobs as post_jobs
from services.streams.posts import routes as posts
from services.streams.runtime import StreamsRuntime
from services.streams.settings import StreamsSettings
from services.streams.streams import consumers as stream_consumers
from services.streams.streams import routes as streams
from services.streams.tiers import jobs as tier_jobs
from shared.runtime import Runtime
from shared.web.app import build

ROUTERS = [streams.router, posts.router]
CONSUMERS = {**directory_consumers.CONSUMERS, **stream_consumers.CONSUMERS, **erasure.CONSUMERS, **privacy.CONSUMERS}
JOBS = {**directory_jobs.JOBS, **tier_jobs.JOBS, **post_jobs.JOBS}


def create_app(runtime: Runtime) -> FastAPI:
    """The streams service."""
    own = StreamsRuntime.of(runtime, settings=StreamsSettings.of(runtime.env))
    return build(own, title="Estuary streams", routers=ROUTERS, consumers=CONSUMERS, jobs=JOBS, privacy=privacy.PRIVACY)
