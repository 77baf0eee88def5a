"""SQL of identity."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import contains_eager

from services.identity.domain import Ended
from services.identity.errors import EmailTaken, RefreshInvalid
from services.identity.models import AuditEntry, RefreshToken, SigningKey, SignInSession, User
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.ids import new_id


class Users:
    """Accounts."""

    def __init__(self, session: Session) -> None:
        self.session = session

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
        user = await self.find(user_id, lock=lock)
        if user is None:
            raise NotFound("There is no such user.")
        return user

    async def find_active(self, user_id: UUID, *, lock: bool = False) -> User | None:
        """The account, if there is one that was not deactivated."""
        user = await self.find(user_id, lock=lock)
        return None if user is None or user.deactivated_at is not None else user

    async def get_active(self, user_id: UUID) -> User:
        """The account; raises NotFound for a deactivated one too."""
        user = await self.find_active(user_id)
        if user is None:
            raise NotFound("There is no such user.")
        return user

    async def find_by_email(self, email: str, *, lock: bool = False) -> User | None:
        """The account with this address, whatever its case."""
        query = select(User).where(User.email == email)
        return await self.session.scalar(query.with_for_update() if lock else query)

    async def in_use(self, addresses: Sequence[str]) -> Sequence[str]:
        """Those of the addresses that have an account which was not deactivated."""
        query = select(User.email).where(User.email.in_(addresses), User.deactivated_at.is_(None))
        return (await self.session.scalars(query.order_by(User.email))).all()

    async def lock_superusers(self) -> Sequence[User]:
        """The superusers whose account is in use, locked in the order of their ids: what ends one waits for another."""
        query = select(User).where(User.is_superuser, User.deactivated_at.is_(None)).order_by(User.id)
        return (await self.session.scalars(query.with_for_update())).all()

    async def staff(self) -> Sequence[User]:
        """The accounts of staff that are in use, oldest first."""
        query = select(User).where(User.is_staff | User.is_superuser, User.deactivated_at.is_(None))
        return (await self.session.scalars(query.order_by(User.id))).all()


class Sessions:
    """Sign-ins and their refresh tokens."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def owning(self, token_hash: bytes) -> SignInSession:
        """The session of a token, with its user, locked: uses of one family come one after the other."""
        query = (
            select(SignInSession)
            .join(RefreshToken, RefreshToken.session_id == SignInSession.id)
            .join(SignInSession.user)
            .where(RefreshToken.hash == token_hash)
            .options(contains_eager(SignInSession.user))
            .with_for_update(of=SignInSession)
        )
        owner = await self.session.scalar(query)
        if owner is None:
            raise RefreshInvalid
        return owner

    async def find_token(self, token_hash: bytes | None) -> RefreshToken | None:
        """The token as it is now; read it after `owning`, under its lock."""
        return None if token_hash is None else await self.session.get(RefreshToken, token_hash)

    async def find_live(self, *, session_id: UUID | None, token_hash: bytes | None) -> Sequence[SignInSession]:
        """The sessions, not ended yet, with this id or of this token; locked in the order of their ids."""
        of_token = select(RefreshToken.session_id).where(RefreshToken.hash == token_hash)
        wanted = (SignInSession.id == session_id) | SignInSession.id.in_(of_token)
        query = select(SignInSession).where(wanted, SignInSession.ended_at.is_(None)).order_by(SignInSession.id)
        return (await self.session.scalars(query.with_for_update())).all()

    async def find_live_of(self, user_id: UUID) -> Sequence[SignInSession]:
        """All sessions of the account that have not ended yet, locked in the order of their ids."""
        query = select(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
        return (await self.session.scalars(query.order_by(SignInSession.id).with_for_update())).all()

    async def ended_since(self, moment: datetime) -> Sequence[UUID]:
        """Ids of the sessions that ended at or after that moment of machine time."""
        return (await self.session.scalars(select(SignInSession.id).where(SignInSession.ended_at >= moment))).all()

    async def taken_since(self, moment: datetime) -> Sequence[UUID]:
        """Ids of the sessions that ended at or after that moment because a role was taken."""
        ended = (SignInSession.ended_at >= moment) & (SignInSession.ended_why == Ended.ROLE_TAKEN)
        return (await self.session.scalars(select(SignInSession.id).where(ended))).all()

    async def prune(self, before: datetime, limit: int = 500) -> int:
        """Deletes up to `limit` sessions that ended or ran out before that moment; returns how many."""
        gone = (SignInSession.ended_at < before) | (SignInSession.expires_at < before)
        some = select(SignInSession.id).where(gone).limit(limit)
        deleted = await self.session.scalars(
            delete(SignInSession).where(SignInSession.id.in_(some)).returning(SignInSession.id),
            execution_options={"synchronize_session": False},
        )
        return len(deleted.all())


class SigningKeys:
    """The key pairs that sign access tokens, oldest first."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def list(self) -> Sequence[SigningKey]:
        """All keys by the moment from which they sign."""
        return (await self.session.scalars(select(SigningKey).order_by(SigningKey.signs_from, SigningKey.kid))).all()

    def add(self, key: SigningKey) -> None:
        """Stores a new key with the transaction."""
        self.session.add(key)

    async def remove(self, keys: Sequence[SigningKey]) -> None:
        """Deletes keys that no token in force can carry."""
        for key in keys:
            await self.session.delete(key)


class AuditLog:
    """Who did what to which account; append only."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(
        self,
        actor_id: UUID | None,
        action: str,
        user: User,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Notes how it was and is, the roles unless said otherwise; `actor_id` is None for the command line."""
        entry = AuditEntry(
            actor_id=actor_id,
            action=action,
            subject_id=user.id,
            before=before,
            after=after or {"roles": user.roles},
            created_at=self.session.now(),
        )
        self.session.add(entry)

    async def erase_reasons(self, subject_id: UUID) -> None:
        """Removes staff's reasons from the entries about an erased account; what was done stays on record."""
        await self.session.execute(select(func.identity.erase_reasons(subject_id)))
