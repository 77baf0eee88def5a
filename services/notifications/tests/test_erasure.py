"""A person who was erased: nothing of them is stored again, whatever comes late, and the service proves it."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text

from devtools.testing.delivery import deliver, envelope_of, erase, events_of
from services.notifications.people.models import Person, Practitioner
from services.notifications.people.service import fetch_missing_person
from shared.events.base import Event
from shared.events.catalog import PractitionerUpdated
from shared.events.identity import ErasureRequested, UserRegistered, UserUpdated
from shared.events.privacy import PersonErasedEvent
from shared.internal.identity import InternalUser
from shared.messaging.inbox import Inbox, plain_envelope
from shared.records.clock import machine_now
from shared.records.ids import new_id

MARK = "Zqxmark"


def registered(user_id: Any, kind: Any = UserRegistered) -> Any:
    names = {"email": f"{MARK}@example.com", "first_name": MARK, "last_name": MARK}
    return kind(user_id=user_id, timezone=None, **names)


def profile(user_id: Any) -> PractitionerUpdated:
    return PractitionerUpdated(
        practitioner_id=new_id(),
        user_id=user_id,
        display_name=MARK,
        timezone="Europe/Berlin",
        verification_status="approved",
        version=9,
    )


def asked_for(user_id: Any) -> ErasureRequested:
    return ErasureRequested(user_id=user_id, erasure_id=new_id(), practitioner_id=None, forfeit_credits=False)


async def park(app: Any, event: Event) -> None:
    """As a dead letter that an operator has asked to replay."""
    runtime = app.state.runtime
    envelope = envelope_of(event, runtime.clock.now())
    row = {"consumer": "notifications", "key": envelope.key, "event_id": envelope.id, "type": envelope.type}
    row |= {"envelope": plain_envelope(envelope), "error": MARK, "replay": True, "parked_at": machine_now()}
    async with runtime.db.autocommit() as session:
        await session.execute(insert(runtime.db.system_tables.parked).values(row))


async def places(app: Any) -> set[str]:
    """The tables that hold the mark."""
    async with app.state.runtime.db.read() as session:
        tables = await session.scalars(text("select tablename from pg_tables where schemaname = 'notifications'"))
        sql = "select exists (select from notifications.{} t where position(lower(:word) in lower(t::text)) > 0)"
        return {name for name in tables if await session.scalar(text(sql.format(name)), {"word": MARK})}


async def test_late_events_bring_nothing_back(app):
    user_id = new_id()
    await deliver(app, registered(user_id))
    await deliver(app, profile(user_id))
    assert await places(app) == {"people", "practitioners"}
    await erase(app, user_id)
    for late in (registered(user_id), registered(user_id, UserUpdated), profile(user_id)):
        assert await deliver(app, late)
    assert await places(app) == set()
    async with app.state.runtime.db.read() as session:
        for model in (Person, Practitioner):
            assert await session.scalar(select(func.count()).where(model.user_id == user_id)) == 0


class Halted:
    """A consumer whose handler of one event waits, before or after it did its work, until it may go on."""

    def __init__(self, app: Any, kind: type[Event], *, after: bool = False) -> None:
        self.reached, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.runtime, self.handler, self.after = app.state.runtime, app.state.consumers[kind], after
        self.inbox = Inbox(self.runtime.db, {**app.state.consumers, kind: self._handle})

    async def _handle(self, session: Any, event: Event) -> None:
        if self.after:
            await self.handler(session, event)
        self.reached.set()
        await self.may_go_on.wait()
        if not self.after:
            await self.handler(session, event)

    async def beside(self, event: Event, other: Coroutine[Any, Any, Any]) -> None:
        """Handles the event, and meanwhile does the other thing, which waits for it."""
        handled = asyncio.create_task(self.inbox.deliver(envelope_of(event, self.runtime.clock.now())))
        await self.reached.wait()
        meanwhile = asyncio.create_task(other)
        await asyncio.sleep(0.3)
        assert not meanwhile.done()
        self.may_go_on.set()
        await asyncio.gather(handled, meanwhile)


async def test_what_is_being_handled_when_its_person_is_erased_is_erased_too(app):
    user_id = new_id()
    await Halted(app, UserRegistered).beside(registered(user_id), deliver(app, asked_for(user_id)))
    assert await places(app) == set()


async def test_what_comes_while_its_person_is_being_erased_is_not_stored(app):
    user_id = new_id()
    await deliver(app, registered(user_id))
    erasing = Halted(app, ErasureRequested, after=True)
    await erasing.beside(asked_for(user_id), deliver(app, registered(user_id, UserUpdated)))
    assert await places(app) == set()


class Answer:
    """Identity, which answers before it has erased the person."""

    def __init__(self, user_id: UUID) -> None:
        self.user_id = user_id

    async def ask(self, operation: Any, **ids: UUID) -> InternalUser:
        names = {"first_name": MARK, "last_name": MARK}
        account = {"user_id": self.user_id, "email": f"{MARK}@example.com", "roles": ["user"], "practitioner_id": None}
        return InternalUser(**account, **names, timezone=None)


async def test_what_is_fetched_while_its_person_is_being_erased_is_not_stored(app):
    user_id, db = new_id(), app.state.runtime.db
    peers: Any = Answer(user_id)
    await deliver(app, registered(user_id, UserUpdated))
    erasing = Halted(app, ErasureRequested, after=True)
    await erasing.beside(asked_for(user_id), fetch_missing_person(db, peers, user_id))
    assert await places(app) == set()


async def test_what_is_replayed_while_its_person_is_being_erased_is_not_stored(app):
    user_id, runtime = new_id(), app.state.runtime
    await park(app, registered(user_id, UserUpdated))
    replayed = Halted(app, UserUpdated)
    replaying = asyncio.create_task(replayed.inbox.replay())
    await replayed.reached.wait()
    erasing = asyncio.create_task(deliver(app, asked_for(user_id)))
    await asyncio.sleep(0.3)
    assert not erasing.done()
    replayed.may_go_on.set()
    await asyncio.gather(replaying, erasing)
    assert await places(app) == set()
    assert await Inbox(runtime.db, app.state.consumers).replay() == 0


async def test_people_who_are_not_erased_wait_for_nobody(app):
    first = Halted(app, UserRegistered)
    handled = asyncio.create_task(first.inbox.deliver(envelope_of(registered(new_id()), machine_now())))
    await first.reached.wait()
    async with asyncio.timeout(5):
        await deliver(app, registered(new_id()))
        await deliver(app, asked_for(new_id()))
    first.may_go_on.set()
    assert await handled


async def test_of_parked_events_only_what_is_about_others_stays(app):
    user_id, runtime = new_id(), app.state.runtime
    parked = runtime.db.system_tables.parked
    for event in (registered(user_id), profile(user_id), registered(new_id(), UserUpdated)):
        await park(app, event)
    assert await deliver(app, asked_for(user_id))
    async with runtime.db.read() as session:
        kept = {row.type: row.envelope["data"] for row in await session.execute(select(parked))}
    assert set(kept) == {"PractitionerUpdated", "UserUpdated"}
    assert (kept["PractitionerUpdated"]["display_name"], kept["UserUpdated"]["first_name"]) == ("Erased account", MARK)
    assert await Inbox(runtime.db, app.state.consumers).replay() == 2


async def test_the_answer_counts_what_went_once_and_says_what_stays(app, client_id):
    await deliver(app, registered(client_id))
    await erase(app, client_id)
    first, again = [event for event in await events_of(app.state.runtime) if isinstance(event, PersonErasedEvent)]
    assert (first.service, first.user_id, again.erased) == ("notifications", client_id, {})
    assert any("deactivated_users" in kept.what and kept.why and kept.until for kept in first.kept)


@pytest.mark.parametrize("sent", [True, False])
async def test_the_outbox_tells_nothing_of_them(app, sent):
    user_id, runtime = new_id(), app.state.runtime
    outbox = runtime.db.system_tables.outbox
    async with runtime.db.transaction() as session:
        envelope = envelope_of(profile(user_id), runtime.clock.now())
        row = {"event_id": envelope.id, "type": envelope.type, "version": 1, "topic": "estuary.catalog"}
        row |= {"key": envelope.key, "payload": envelope.data, "occurred_at": envelope.time}
        await session.execute(insert(outbox).values(**row, sent_at=machine_now() if sent else None))
    await erase(app, user_id)
    assert "outbox" not in await places(app)
