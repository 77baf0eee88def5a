"""SQL of sign-in sessions and refresh tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, column, delete, exists, func, or_, select, table
from sqlalchemy.orm import contains_eager

from services.identity.accounts.models import User
from services.identity.keys.domain import ACCESS_TTL
from services.identity.sessions.domain import EndReason, SessionKind
from services.identity.sessions.errors import RefreshInvalid
from services.identity.sessions.models import RefreshToken, SignInSession
from shared.database.repository import Repository, found
from shared.records.clock import machine_now

OF_PEOPLE = SignInSession.kind != SessionKind.API_KEY
"""Those that a person sees; a key's end with the key, which is listed itself."""
BROWSERS = table("oauth_browsers", column("session_id"), schema="identity")
"""Of the provider, which stands on sessions."""


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
        """All sessions of the account that have not ended yet, locked in the order of their ids; of staff also those
        in the place of others."""
        theirs = (SignInSession.user_id == user_id) | (SignInSession.actor_id == user_id)
        query = select(SignInSession).where(theirs, SignInSession.ended_at.is_(None))
        return (await self.session.scalars(query.order_by(SignInSession.id).with_for_update())).all()

    async def find_live_of_client(self, client_id: UUID) -> Sequence[SignInSession]:
        """All sessions of that app that have not ended yet, locked in the order of their ids."""
        query = select(SignInSession).where(SignInSession.client_id == client_id, SignInSession.ended_at.is_(None))
        return (await self.session.scalars(query.order_by(SignInSession.id).with_for_update())).all()

    async def find(self, session_id: UUID, *, lock: bool = False) -> SignInSession | None:
        """That session, if it has not ended."""
        query = select(SignInSession).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        return await self.session.scalar(query.with_for_update() if lock else query)

    async def list_live_of(self, user_id: UUID) -> Sequence[SignInSession]:
        """The account's sessions in which something can still be done, the one that was used last first."""
        now = machine_now()
        live = (SignInSession.ended_at.is_(None), SignInSession.expires_at > now, _opens_something(now))
        query = select(SignInSession).where(SignInSession.user_id == user_id, OF_PEOPLE, *live)
        return (await self.session.scalars(query.order_by(SignInSession.last_used_at.desc(), SignInSession.id))).all()

    async def knows_network(self, email: str, network: str, since: datetime) -> tuple[str, bool]:
        """The address in the case in which the database compares it, and whether its account was signed in to from
        that network since then."""
        of_account = (SignInSession.user_id == User.id, User.email == email)
        lately = exists().where(*of_account, SignInSession.network == network, SignInSession.last_used_at > since)
        account, is_known = (await self.session.execute(select(func.lower(email), lately))).one()
        return account, is_known

    async def has_seen(self, user_id: UUID, network: str, device: str | None, since: datetime) -> bool:
        """Whether the account was used from that network or that device since then."""
        known = SignInSession.network == network
        if device is not None:
            known |= SignInSession.device == device
        lately = exists().where(SignInSession.user_id == user_id, known, SignInSession.last_used_at > since)
        return bool(await self.session.scalar(select(lately)))

    async def get_of(self, session_id: UUID, user_id: UUID) -> SignInSession:
        """That account's session, locked; NotFound for another's, or one that has ended."""
        own = (
            SignInSession.id == session_id,
            SignInSession.user_id == user_id,
            SignInSession.ended_at.is_(None),
            OF_PEOPLE,
        )
        return found(await self.session.scalar(select(SignInSession).where(*own).with_for_update()), "session")

    async def ended_since(self, moment: datetime) -> Sequence[UUID]:
        """Ids of the sessions that ended at or after that moment of machine time."""
        return (await self.session.scalars(select(SignInSession.id).where(SignInSession.ended_at >= moment))).all()

    async def taken_since(self, moment: datetime) -> Sequence[UUID]:
        """Ids of the sessions that ended at or after that moment because a role was taken, and of those of apps."""
        silent = (SignInSession.end_reason == EndReason.ROLE_TAKEN) | (SignInSession.kind == SessionKind.APP)
        ended = (SignInSession.ended_at >= moment) & silent
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


def _opens_something(now: datetime) -> ColumnElement[bool]:
    """A session lives in its access token, in a refresh token that has not run out, or in a browser's cookie."""
    own = RefreshToken.session_id == SignInSession.id
    refreshes = exists().where(own, RefreshToken.used_at.is_(None), RefreshToken.expires_at > now)
    is_browser = exists().where(BROWSERS.c.session_id == SignInSession.id)
    in_place = SignInSession.kind == SessionKind.IMPERSONATION
    return or_(in_place, SignInSession.last_used_at > now - ACCESS_TTL, refreshes, is_browser)
