"""The privacy hooks of a service: what is open, what is exported, and how a person is erased in one transaction."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from shared.database.erasure import (
    Person,
    changed_rows,
    empty_system_tables,
    hold_alone,
    kept_tables,
    remember,
    sweep,
)
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import ErasureRequested
from shared.events.privacy import KeptData, erased_by
from shared.messaging.erasure import empty_parked_events, empty_waiting_events
from shared.messaging.outbox import emit
from shared.records.privacy import Register


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a person has still open, and how many of it."""

    code: str
    count: int


async def _nothing_more(_: Session, __: ErasureRequested) -> Collection[UUID]:
    return ()


@dataclass(frozen=True, slots=True)
class Privacy:
    """A service's hooks.

    `erase` does what the register cannot say, and returns the ids of what was the person's and is erased with them;
    the register is swept after it. `obligations` are those that an erasure waits for: the SQL of how many there are, by
    code, with `:person` and `:practitioner` as in the register.
    """

    register: Register
    erase: Callable[[Session, ErasureRequested], Awaitable[Collection[UUID]]] = _nothing_more
    obligations: Mapping[str, str] = field(default_factory=dict)


def consumers_of(privacy: Privacy) -> Consumers:
    """What a service handles of erasures."""

    async def erasure_requested(session: Session, event: ErasureRequested) -> None:
        await erase_person(session, privacy, event)

    return {ErasureRequested: erasure_requested}


async def obligations_of(session: Session, privacy: Privacy, person: Person) -> Sequence[Obligation]:
    """What is open."""
    found = []
    for code, sql in privacy.obligations.items():
        if count := await session.scalar(text(sql), person.values()):
            found.append(Obligation(code, count))
    return found


async def erase_person(session: Session, privacy: Privacy, event: ErasureRequested) -> None:
    """Erases the person, remembers their id for good, and publishes what was erased and what is kept.

    All of it, or nothing: in the transaction of the event. Again it erases what has come in between, and answers again.
    """
    schema = session.database.schema
    person = Person(event.user_id, event.practitioner_id)
    await hold_alone(session, person.id)
    before = await changed_rows(session, schema)
    subjects = await privacy.erase(session, event)
    await session.flush()
    await sweep(session, schema, privacy.register, person)
    await empty_system_tables(session, person, subjects)
    ids = {person.id, *subjects}
    await empty_waiting_events(session, ids)
    await empty_parked_events(session, ids)
    await remember(session, ids, event.erasure_id)
    erased = _since(before, await changed_rows(session, schema))
    kept = await _kept(session, schema, privacy, person)
    answer = erased_by(schema)(
        erasure_id=event.erasure_id, user_id=event.user_id, service=schema, erased=erased, kept=kept
    )
    emit(session, answer)


async def _kept(session: Session, schema: str, privacy: Privacy, person: Person) -> list[KeptData]:
    found = await kept_tables(session, schema, privacy.register, person)
    return [KeptData(what=", ".join(sorted(names)), why=one.why, until=one.until) for one, names in found.items()]


def _since(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    rows = {name: count - before.get(name, 0) for name, count in sorted(after.items())}
    return {name: count for name, count in rows.items() if count > 0}
