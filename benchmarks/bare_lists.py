"""The peer of `benchmarks.lists`: plain FastAPI that answers the same lists from memory, as the same models."""

import os
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI

from benchmarks.bare import serve
from services.messaging.conversations.schemas import ConversationView
from services.streams.posts.schemas import AnyPost
from shared.web.pagination import Listing

ANSWERS = "BENCH_ANSWERS"
"""A file of what ours answers, by the last part of the path."""


def create_app(answers: Any) -> FastAPI:
    """Each request makes the twenty models anew, as one that had read rows would."""
    app = FastAPI()

    @app.get("/conversations")
    async def conversations() -> Listing[ConversationView]:
        return Listing[ConversationView].model_validate(answers["conversations"])

    @app.get("/posts")
    async def posts() -> Listing[AnyPost]:
        return Listing[AnyPost].model_validate(answers["posts"])

    return app


if __name__ == "__main__":
    serve(create_app(orjson.loads(Path(os.environ[ANSWERS]).read_bytes())))
