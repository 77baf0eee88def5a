"""An event that is stored loses what is personal of an erased person: in the outbox what waits, and what is parked."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Text, any_, bindparam, cast, delete, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from shared.database.session import Session
from shared.events.base import REGISTRY, Event
from shared.messaging.inbox import plain_envelope, stored_envelope


async def empty_waiting_events(session: Session, ids: Collection[UUID]) -> None:
    """Of these ids nothing personal leaves the outbox any more."""
    outbox = session.system_tables.outbox
    waiting = select(outbox).where(outbox.c.sent_at.is_(None), _mentions(outbox.c.payload, ids)).with_for_update()
    for row in (await session.execute(waiting)).all():
        event = _without(row.type, row.version, row.payload, set(ids))
        if event is None:
            await session.execute(delete(outbox).where(outbox.c.seq == row.seq))
        else:
            values = {"payload": event.model_dump(mode="json")}
            await session.execute(update(outbox).where(outbox.c.seq == row.seq).values(values))


async def empty_parked_events(session: Session, ids: Collection[UUID]) -> None:
    """Of these ids nothing personal is parked; an event that is about nothing else goes."""
    parked = session.system_tables.parked
    theirs = select(parked).where(_mentions(parked.c.envelope, ids)).with_for_update()
    for row in (await session.execute(theirs)).all():
        await _empty(session, parked, row, set(ids))


async def _empty(session: Session, parked: Table, row: Any, ids: set[UUID]) -> None:
    envelope = stored_envelope(row.envelope)
    event = _without(envelope.type, envelope.version, envelope.data, ids)
    mine = parked.c.seq == row.seq
    if event is None:
        await session.execute(delete(parked).where(mine))
        return
    kept = replace(envelope, data=event.model_dump(mode="json"))
    await session.execute(update(parked).where(mine).values(envelope=plain_envelope(kept), error=None))


def _without(name: str, version: int, data: Any, ids: set[UUID]) -> Event | None:
    """In the version in which it is stored, whose personal fields are named as in the present one.

    None also for an event that this release does not know: it names the person, and nobody here can handle it.
    """
    kind = REGISTRY.get((name, version))
    return None if kind is None else kind.model_validate(data).without(ids)


def _mentions(column: Any, ids: Collection[UUID]) -> Any:
    patterns = [f"%{one}%" for one in ids]
    return cast(column, Text).like(any_(bindparam("mentioned", patterns, ARRAY(Text))))
