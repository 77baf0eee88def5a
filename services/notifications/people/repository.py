"""SQL of the people whom notifications are written to, and of the names in them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, any_, bindparam, cast, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.notifications.people.models import DeactivatedUser, Person, Practitioner
from shared.database import projection
from shared.database.people import close_account, is_closed
from shared.database.repository import Repository, found
from shared.database.session import table_of
from shared.database.statements import CompiledStatement
from shared.records.names import NameForm, shown_name


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What is known of a person; `display_name` is the one of their profile as a practitioner."""

    first_name: str
    last_name: str
    timezone: str | None
    display_name: str | None

    def names(self, form: NameForm) -> dict[str, str]:
        """The parameters that name the person in a text to another: as a client, and as a practitioner."""
        client = {"client": shown_name(self.first_name, self.last_name, form)}
        return client | ({"practitioner": self.display_name} if self.display_name else {})


class People(Repository):
    """The address book."""

    async def get(self, user_id: UUID) -> Person:
        """Raises NotFound where no such person is known."""
        return found(await self.session.get(Person, user_id))

    async def known(self, user_ids: Iterable[UUID]) -> dict[UUID, KnownPerson]:
        """Those of them who are known, locked against removal until the commit, since texts name them."""
        return {row.user_id: KnownPerson(*row[1:]) for row in await self.session.run(KNOWN, ids_of(user_ids))}

    async def put(self, **person: Any) -> None:
        """Writes the person as identity's event says; none whose account was deactivated, whenever it comes."""
        if await self.is_deactivated(person["user_id"]):
            return
        row = insert(Person).values(**person)
        new = {column.key: column for column in row.excluded if column.key != "user_id"}
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=new))

    async def add_if_unknown(self, **person: Any) -> None:
        """Stores what a peer answered, unless an event came first: the event is not older."""
        if not await self.is_deactivated(person["user_id"]):
            await self.session.execute(insert(Person).values(**person).on_conflict_do_nothing())

    async def put_practitioner(self, **practitioner: Any) -> None:
        """Stores the profile's name, unless a newer version of it is there or the account was deactivated."""
        if await self.is_deactivated(practitioner["user_id"]):
            return
        await projection.put(self.session, Practitioner, practitioner)

    async def deactivate(self, user_id: UUID) -> None:
        """Removes the person, after every transaction that names them; what comes later brings no name back."""
        await close_account(self.session, DeactivatedUser, user_id)
        for model in (Person, Practitioner):
            await self.session.execute(delete(model).where(model.user_id == user_id))

    async def is_deactivated(self, user_id: UUID) -> bool:
        """Whether the account is known to be deactivated."""
        return bool(await self.session.scalar(select(is_closed(DeactivatedUser, user_id))))

    async def deactivated_among(self, user_ids: Collection[UUID]) -> set[UUID]:
        """Those of these accounts that are known to be deactivated."""
        if not user_ids:
            return set()
        gone = select(DeactivatedUser.user_id).where(DeactivatedUser.user_id.in_(user_ids))
        return set((await self.session.scalars(gone)).all())


def ids_of(ids: Iterable[UUID]) -> dict[str, list[str]]:
    """The values of `IDS`."""
    return {"ids": [str(one) for one in ids]}


# Arrays of text and no others: a driver asks Postgres about each other type on each new connection.
IDS = cast(bindparam("ids", type_=ARRAY(Text)), ARRAY(Uuid))
PEOPLE, PRACTITIONERS = table_of(Person), table_of(Practitioner)
# Compiled for benchmarks/checkouts.py: every confirmed booking reads its two sides.
KNOWN = CompiledStatement(
    select(PEOPLE.c.user_id, PEOPLE.c.first_name, PEOPLE.c.last_name, PEOPLE.c.timezone, PRACTITIONERS.c.display_name)
    .select_from(PEOPLE.outerjoin(PRACTITIONERS, PRACTITIONERS.c.user_id == PEOPLE.c.user_id))
    .where(PEOPLE.c.user_id == any_(IDS))
    .order_by(PEOPLE.c.user_id)
    .with_for_update(read=True, key_share=True, of=PEOPLE)
)
