"""SQL of sign-in sessions and refresh tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from services.identity.sessions.domain import EndReason
from services.identity.sessions.errors import RefreshInvalid
from services.identity.sessions.models import RefreshToken, SignInSession
from shared.database.repository import Repository


class SignInSessions(Repository):
    """Sign-ins and their refresh tokens."""

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
        ended = (SignInSession.ended_at >= moment) & (SignInSession.end_reason == EndReason.ROLE_TAKEN)
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
