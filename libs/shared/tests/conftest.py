"""A toy service with one table, enough to test what all services share."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from devtools.testing.waiting import PATIENCE
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import ListOf
from shared.database.session import TIMESTAMPTZ, Session, schema_metadata
from shared.errors import Conflict, Invalid, NotFound, Unavailable
from shared.events.base import Event
from shared.messaging.kafka.topics import TopicSettings, create
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.records.money import Price
from shared.runtime import Runtime
from shared.web.app import build
from shared.web.http import (
    Body,
    Idempotency,
    Route,
    SessionDep,
    Signed,
    Text,
    UtcTime,
    View,
    confirmed,
    errors_of,
    needs,
)
from shared.web.pagination import Listing, Paging


class Base(DeclarativeBase):
    metadata = schema_metadata("toy")


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class ThingMade(Event):
    topic: ClassVar[str] = "estuary.toy"
    keyed_by: ClassVar[str] = "thing_id"
    thing_id: UUID
    name: str


class NameTaken(Conflict):
    code, detail = "name_taken", "There is a thing of that name."


class NewThing(Body):
    name: Annotated[Text, Field(min_length=1, max_length=20)]
    price: Price | None = None


class ThingView(View):
    id: UUID
    name: str
    at: UtcTime


router = APIRouter(prefix="/api/v1", route_class=Route)


async def add(session: Session, name: str, thing_id: UUID | None = None) -> Thing:
    thing = Thing(id=thing_id or new_id(), name=name, at=session.now())
    session.add(thing)
    try:
        await session.flush()
    except IntegrityError as error:
        raise NameTaken(field="name") from error
    emit(session, ThingMade(thing_id=thing.id, name=name))
    return thing


@router.post("/things/", status_code=201, responses=errors_of(NameTaken, "bad_name"))
async def make(body: NewThing, who: Signed, session: SessionDep) -> ThingView:
    thing = await add(session, body.name)
    if body.name == "slow":
        await asyncio.sleep(0.3)
    if body.name == "refused":
        raise Invalid("Not that name.", field="name", code="bad_name")
    return ThingView.model_validate(thing)


@router.get("/things/")
async def things(page: Paging, session: SessionDep) -> Listing[ThingView]:
    rows, total = await ListOf(Thing, {"name": Thing.name}, "name").page(session, select(Thing), page)
    return Listing[ThingView].of([ThingView.model_validate(row) for row in rows], total, page)


@router.get("/things/{thing_id}/")
async def thing(thing_id: UUID, session: SessionDep) -> ThingView:
    row = await session.get(Thing, thing_id)
    if row is None:
        raise NotFound
    return ThingView.model_validate(row)


@router.post("/things/{thing_id}/burn/", dependencies=[confirmed(Permission.DECIDE_PAYOUTS)])
async def burn(thing_id: UUID, who: Annotated[Caller, needs(Permission.DECIDE_PAYOUTS)]) -> dict[str, str]:
    return {"burnt": str(thing_id)}


async def thing_made(session: Session, event: ThingMade) -> None:
    if event.name == "poison":
        raise RuntimeError("cannot digest")
    session.add(Thing(id=new_id(), name=f"copy of {event.name}", at=session.now()))


async def until(check: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Returns when the check is true; TimeoutError if it does not become so."""
    async with asyncio.timeout(seconds):
        while not check():  # noqa: ASYNC110  # what is checked is not ours to signal
            await asyncio.sleep(0.02)


@pytest.fixture
async def tidy() -> AsyncIterator[None]:
    """Connections that a Kafka client gave up half way are collected here, where that is no fault of the next test."""
    yield
    await asyncio.sleep(0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def new_ids() -> Callable[[int], list[UUID]]:
    """Fresh ids."""
    return lambda count: [new_id() for _ in range(count)]


@pytest.fixture
async def toy(runtime_for: Callable[..., Awaitable[Runtime]]) -> FastAPI:
    """The toy service on a clean database."""
    runtime = await runtime_for("toy")
    return build(runtime, title="toy", routers=[far_router(runtime), router], consumers={ThingMade: thing_made})


def far_router(runtime: Runtime) -> APIRouter:
    """A use case with a remote call in the middle, here a database-free pause that may fail."""
    far = APIRouter(prefix="/api/v1", route_class=Route)

    @far.post("/far/", status_code=201)
    async def make_far(body: NewThing, who: Signed, once: Idempotency) -> ThingView:
        async with runtime.db.transaction() as session:
            await once.start(session)
            found = await session.get(Thing, once.id)
            made = found or await add(session, body.name, once.id)
        if body.name == "down" and found is None:
            raise Unavailable
        if body.name == "no":
            raise Invalid("No.", field="name")
        async with runtime.db.transaction() as session:
            view = ThingView.model_validate(made)
            await once.done(session, 201, view)
        return view

    return far


def settings_for(servers: str, **more: str) -> TopicSettings:
    return TopicSettings.of({"KAFKA_BOOTSTRAP_SERVERS": servers, "KAFKA_PARTITIONS": "3", **more})


@pytest.fixture
async def topic(kafka: str) -> str:
    """A new topic at the real broker."""
    name = f"estuary.toy-{new_id().hex[-12:]}"
    await create(settings_for(kafka), [name], lambda _: None)
    return name


@pytest.fixture
async def toy_runtime(runtime_for: Callable[..., Awaitable[Runtime]]) -> Runtime:
    """What the toy service runs on."""
    runtime: Runtime = await runtime_for("toy")
    return runtime
