"""SQL of the people whom notifications writes to, and names in what it writes to others."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, any_, bindparam, cast, delete, exists, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import DeclarativeBase

from services.notifications.models import Departure, Person, Practitioner
from shared.database.session import Session, table_of
from shared.database.statements import CompiledStatement
from shared.records.names import NameForm, shown_name


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person; `display_name` is the one of their profile as a practitioner."""

    first_name: str
    last_name: str
    timezone: str | None
    display_name: str | None

    def names(self, form: NameForm) -> dict[str, str]:
        """The facts that name the person in a text to somebody else: as a client, and as a practitioner."""
        client = {"client": shown_name(self.first_name, self.last_name, form)}
        return client | ({"practitioner": self.display_name} if self.display_name else {})


class People:
    """The address book."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

    async def known(self, user_ids: Iterable[UUID]) -> dict[UUID, Known]:
        """Those of them who are known. Until the commit none of them can be removed: what is written names them."""
        return {row.user_id: Known(*row[1:]) for row in await self.session.run(KNOWN, ids_of(user_ids))}

    async def put(self, **person: Any) -> None:
        """Writes the person as identity's event says."""
        await self.session.run(PUT_PERSON, person)

    async def remove(self, user_id: UUID) -> None:
        """Waits for everybody who is writing about the person; nothing that comes late brings the name back."""
        gone = insert(Departure).values(user_id=user_id, created_at=self.session.now())
        await self.session.execute(gone.on_conflict_do_nothing())
        for kept in (Person, Practitioner):
            await self.session.execute(delete(kept).where(kept.user_id == user_id))

    async def add_if_unknown(self, **person: Any) -> None:
        """Keeps what a peer answered, unless an event came first: the event is not older."""
        if not await self.is_gone(person["user_id"]):
            await self.session.execute(insert(Person).values(**person).on_conflict_do_nothing())

    async def put_practitioner(self, **practitioner: Any) -> None:
        """Stores the profile's name, unless a newer version of the profile is there or the person is gone."""
        if await self.is_gone(practitioner["user_id"]):
            return
        row = insert(Practitioner).values(**practitioner)
        new = {"display_name": row.excluded.display_name, "version": row.excluded.version}
        newer = Practitioner.version < row.excluded.version
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=new, where=newer))

    async def is_gone(self, user_id: UUID) -> bool:
        """Whether the account is known to be no more."""
        return bool(await self.session.scalar(select(exists().where(Departure.user_id == user_id))))


def ids_of(ids: Iterable[UUID]) -> dict[str, list[str]]:
    """The values of `IDS`."""
    return {"ids": [str(one) for one in ids]}


def writes(model: type[DeclarativeBase], key: str) -> CompiledStatement:
    """A statement that writes a row as it is given, whether it is there or not."""
    given = insert(table_of(model))
    change = {column.key: column for column in given.excluded if column.key != key}
    return CompiledStatement(given.on_conflict_do_update(index_elements=[key], set_=change))


# Arrays of text and no others: a driver asks Postgres about each other type on each new connection.
IDS = cast(bindparam("ids", type_=ARRAY(Text)), ARRAY(Uuid))
PEOPLE, PRACTITIONERS = table_of(Person), table_of(Practitioner)
KNOWN = CompiledStatement(
    select(PEOPLE.c.user_id, PEOPLE.c.first_name, PEOPLE.c.last_name, PEOPLE.c.timezone, PRACTITIONERS.c.display_name)
    .select_from(PEOPLE.outerjoin(PRACTITIONERS, PRACTITIONERS.c.user_id == PEOPLE.c.user_id))
    .where(PEOPLE.c.user_id == any_(IDS))
    .order_by(PEOPLE.c.user_id)
    .with_for_update(read=True, key_share=True, of=PEOPLE)
)
PUT_PERSON = writes(Person, "user_id")
