"""SQL of accounts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import CITEXT, insert
from sqlalchemy.exc import IntegrityError

from services.identity.accounts.domain import AT_WORK
from services.identity.accounts.errors import EmailTaken
from services.identity.accounts.models import User
from shared.database.repository import Repository, found
from shared.database.session import table_of
from shared.database.statements import CompiledStatement
from shared.records.ids import new_id


class Users(Repository):
    """Accounts."""

    async def add(self, **fields: Any) -> User:
        """Inserts an account, or raises EmailTaken; the e-mail's case does not matter."""
        now = self.session.now()
        row = {"id": new_id(), "created_at": now, "updated_at": now, "practitioner_version": 0, **fields}
        statement = insert(User).values(row).on_conflict_do_nothing(index_elements=[User.email]).returning(User)
        user = await self.session.scalar(statement)
        if user is None:
            raise EmailTaken
        return user

    async def find(self, user_id: UUID, *, lock: bool = False) -> User | None:
        """The account, if there is one."""
        query = select(User).where(User.id == user_id)
        return await self.session.scalar(query.with_for_update() if lock else query)

    async def get(self, user_id: UUID, *, lock: bool = False) -> User:
        """The account; raises NotFound."""
        return found(await self.find(user_id, lock=lock), "user")

    async def find_active(self, user_id: UUID, *, lock: bool = False) -> User | None:
        """The account, if there is one that was not deactivated."""
        user = await self.find(user_id, lock=lock)
        return None if user is None or user.deactivated_at is not None else user

    async def get_active(self, user_id: UUID) -> User:
        """The account; raises NotFound for a deactivated one too."""
        return found(await self.find_active(user_id), "user")

    async def find_to_sign_in(self, email: str) -> User | None:
        """As `find_by_email`, in a session that knows nothing of it yet."""
        return await self.session.one_of(User, BY_EMAIL, {"address": email})

    async def lock_to_sign_in(self, user_id: UUID) -> User:
        """As `get` with a lock, in a session that knows nothing of it yet."""
        return found(await self.session.one_of(User, BY_ID_LOCKED, {"user_id": user_id}), "user")

    async def find_by_email(self, email: str, *, lock: bool = False) -> User | None:
        """The account with this address, whatever its case."""
        query = select(User).where(User.email == email)
        return await self.session.scalar(query.with_for_update() if lock else query)

    async def move(self, user: User, address: str) -> None:
        """Gives a locked account that address, which is proven; EmailTaken, and the transaction is over, if another
        account has it."""
        user.email, user.is_verified = address, True
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise EmailTaken from error

    async def release_address(self, user: User) -> None:
        """Takes the address from a locked account at once: another one can have it then."""
        user.release_address()
        await self.session.flush()

    async def in_use(self, addresses: Sequence[str]) -> Sequence[str]:
        """Those of the addresses that have an account which was not deactivated."""
        query = select(User.email).where(User.email.in_(addresses), User.deactivated_at.is_(None))
        return (await self.session.scalars(query.order_by(User.email))).all()

    async def lock_superusers(self) -> Sequence[User]:
        """The superusers whose account is in use, locked in the order of their ids: what ends one waits for another."""
        usable = (User.deactivated_at.is_(None), User.suspended_at.is_(None))
        query = select(User).where(User.is_superuser, *usable).order_by(User.id)
        return (await self.session.scalars(query.with_for_update())).all()

    async def is_superuser(self, user_id: UUID) -> bool:
        """Whether that account is one now, without a lock."""
        return bool(await self.session.scalar(select(User.is_superuser).where(User.id == user_id)))

    async def staff(self) -> Sequence[User]:
        """The accounts of staff that are in use, oldest first."""
        usable = (User.deactivated_at.is_(None), User.suspended_at.is_(None))
        query = select(User).where(User.is_staff | User.is_superuser, *usable)
        return (await self.session.scalars(query.order_by(User.id))).all()

    async def at_work(self) -> Sequence[User]:
        """The accounts, oldest first and suspended ones too, with any role of those who work for the platform."""
        granted = or_(*(any_(User.granted_roles) == role.value for role in sorted(AT_WORK)))
        query = select(User).where(or_(User.is_staff, User.is_superuser, granted), User.deactivated_at.is_(None))
        return (await self.session.scalars(query.order_by(User.id))).all()


USER = table_of(User)  # once in every sign-in: `benchmarks/sign_ins.py`
BY_EMAIL = CompiledStatement(select(USER).where(USER.c.email == bindparam("address", type_=CITEXT)))
BY_ID_LOCKED = CompiledStatement(select(USER).where(USER.c.id == bindparam("user_id", type_=Uuid)).with_for_update())
