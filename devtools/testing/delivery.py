"""What the bus and the worker do, one step at a time: deliveries, jobs, emitted events."""

import asyncio
from datetime import datetime
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import select

from shared.events.base import Envelope, Event, Pending, decode
from shared.events.identity import ErasureRequested, UserDeactivated
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import envelope_of as outbox_envelope
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.work.jobs import run_until_idle


def envelope_of(event: Event, at: datetime) -> Envelope:
    """The event as a bus would carry it; deliver the same envelope twice to test a redelivery."""
    row = Pending(event, at).as_row()
    return Envelope(
        row["event_id"], row["type"], row["version"], row["topic"], row["key"], at, row["payload"], row["traceparent"]
    )


async def deliver(app: FastAPI, event: Event | Envelope) -> bool:
    """Delivers once through the inbox; True if the handler ran. An Event gets a new id each time: pass an Envelope."""
    runtime: Runtime = app.state.runtime
    envelope = event if isinstance(event, Envelope) else envelope_of(event, runtime.clock.now())
    return await Inbox(runtime.db, app.state.consumers).deliver(envelope)


async def deliver_twice(app: FastAPI, event: Event) -> None:
    """Delivers the same event two times; the second must be a no-op."""
    envelope = envelope_of(event, app.state.runtime.clock.now())
    assert await deliver(app, envelope)
    assert not await deliver(app, envelope)


async def deliver_again(app: FastAPI, event: Event) -> None:
    """Delivers the same event two times, then another event of the same content."""
    await deliver_twice(app, event)
    await deliver(app, event)


async def erase(app: FastAPI, user_id: UUID, practitioner_id: UUID | None = None) -> None:
    """Closes the account and has the person erased, each as often as `deliver_again`."""
    await deliver_again(app, UserDeactivated(user_id=user_id))
    asked = ErasureRequested(
        user_id=user_id, erasure_id=new_id(), practitioner_id=practitioner_id, forfeit_credits=False
    )
    await deliver_again(app, asked)


async def run_jobs(app: FastAPI) -> None:
    """Runs every job until none has anything to do."""
    async with asyncio.timeout(30):
        await run_until_idle(app.state.jobs, app.state.runtime)


async def events_of(runtime: Runtime) -> list[Event]:
    """What the service has emitted so far, in order."""
    outbox = runtime.db.system_tables.outbox
    async with runtime.db.read() as session:
        rows = await session.execute(select(outbox).order_by(outbox.c.seq))
        return [decode(outbox_envelope(row)) for row in rows]
