"""Bodies that are large, or have very many fields that nobody knows: others have their turn meanwhile."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect, Request

from shared.errors import ERRORS_LISTED

LARGE_BODY = 64 * 1024
MANY_COMMAS, PAUSE_SECONDS = 10_000, 0.03
"""Of a large body: parsing and checking stop everybody else meanwhile, and take the longer the more values it has."""
UNCHANGED: Any = Field(default_factory=lambda: None)
"""The default of what a change may leave out, where null is no value: it is refused as any other wrong one."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Stands in a body for so many more unknown fields: to report each of a hundred thousand takes seconds."""

    number: int


def with_few_unknown(given: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """The body with those unknown fields that are listed; the last of them has the number of the others as value."""
    known = _names_of(model)
    unknown = [name for name in given if name not in known]
    listed, more = unknown[:ERRORS_LISTED], len(unknown) - ERRORS_LISTED
    kept = {name: given[name] for name in known if name in given} | dict.fromkeys(listed)
    return kept | {listed[-1]: Unlisted(more)} if more > 0 else given


async def parse_large(request: Request) -> None:
    """Large bodies are parsed one after the other, so that others have their turn between two of them."""
    length = request.headers.get("content-length", "")
    if "transfer-encoding" not in request.headers and not (length.isdigit() and int(length) > LARGE_BODY):
        return
    # What is suppressed is reported where the body is used; what only the standard library reads is read there.
    with suppress(ClientDisconnect, ValueError):
        body = await request.body()
        async with request.app.state.large_bodies:
            request._json = orjson.loads(body)
            if body.count(b",") > MANY_COMMAS:
                await asyncio.sleep(PAUSE_SECONDS)


@cache
def _names_of(model: type[BaseModel]) -> frozenset[str]:
    aliases = {str(field.alias) for field in model.model_fields.values() if field.alias}
    return frozenset(model.model_fields) | aliases
