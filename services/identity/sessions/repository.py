"""SQL of sign-in sessions and refresh tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, column, delete, exists, func, insert, or_, select, table
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import contains_eager

from services.identity.accounts.models import User
from services.identity.keys.domain import ACCESS_TTL
from services.identity.sessions.domain import EndReason, SessionKind
from services.identity.sessions.errors import RefreshInvalid
from services.identity.sessions.models import RefreshToken, SignInSession
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.database.session import TIMESTAMPTZ, table_of, values_of
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now

OF_PEOPLE = SignInSession.kind != SessionKind.API_KEY
"""Those that a person sees; a key's end with the key, which is listed itself."""
LAST_USED_FIRST = ListOf(
    SignInSession,
    {"last_used_at": SignInSession.last_used_at, "created_at": SignInSession.started_at},
    "-last_used_at",
    last=SignInSession.id,
)
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

    async def page_of(self, user_id: UUID, page: Page) -> Found[SignInSession]:
        """One page of the account's sessions in which something can still be done, the one that was used last first."""
        query = select(SignInSession).where(*_live_of(user_id, machine_now()))
        return await LAST_USED_FIRST.page(self.session, query, page)

    async def live_ids_of(self, user_id: UUID) -> Sequence[UUID]:
        """The ids of all these."""
        return (await self.session.scalars(select(SignInSession.id).where(*_live_of(user_id, machine_now())))).all()

    async def add(self, opened: SignInSession, token: RefreshToken) -> None:
        """Stores a session that begins now and its first refresh token."""
        await self.session.run(ADD, values_of(opened))
        await self.session.run(ADD_TOKEN, values_of(token))

    async def knows_network(self, email: str, network: str, since: datetime) -> tuple[str, bool]:
        """The address in the case in which the database compares it, and whether its account was signed in to from
        that network since then."""
        values = {"written": email, "address": email, "network": network, "since": since}
        (found,) = await self.session.run(KNOWS_NETWORK, values)
        return found.account, found.lately

    async def has_seen(self, user_id: UUID, network: str, device: str | None, since: datetime) -> bool:
        """Whether the account was used from that network or that device since then."""
        values = {"user_id": user_id, "network": network, "device": device, "since": since}
        (found,) = await self.session.run(HAS_SEEN, values)
        return bool(found.lately)

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


def _live_of(user_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    live = (SignInSession.ended_at.is_(None), SignInSession.expires_at > now, _opens_something(now))
    return (SignInSession.user_id == user_id, OF_PEOPLE, *live)


def _opens_something(now: datetime) -> ColumnElement[bool]:
    """A session lives in its access token, in a refresh token that has not run out, or in a browser's cookie."""
    own = RefreshToken.session_id == SignInSession.id
    refreshes = exists().where(own, RefreshToken.used_at.is_(None), RefreshToken.expires_at > now)
    is_browser = exists().where(BROWSERS.c.session_id == SignInSession.id)
    in_place = SignInSession.kind == SessionKind.IMPERSONATION
    return or_(in_place, SignInSession.last_used_at > now - ACCESS_TTL, refreshes, is_browser)


SESSION, USER = table_of(SignInSession), table_of(User)  # once in every sign-in: `benchmarks/sign_ins.py`
ADD, ADD_TOKEN = CompiledStatement(insert(SESSION)), CompiledStatement(insert(table_of(RefreshToken)))


def _knows_network() -> CompiledStatement:
    of_account = (SESSION.c.user_id == USER.c.id, USER.c.email == bindparam("address", type_=CITEXT))
    lately = exists().where(*of_account, SESSION.c.network == bindparam("network"), SESSION.c.last_used_at > SINCE)
    return CompiledStatement(
        select(func.lower(bindparam("written", type_=Text)).label("account"), lately.label("lately"))
    )


def _has_seen() -> CompiledStatement:
    """An unknown device is no known one."""
    known = (SESSION.c.network == bindparam("network")) | (SESSION.c.device == bindparam("device"))
    own = SESSION.c.user_id == bindparam("user_id")
    return CompiledStatement(select(exists().where(own, known, SESSION.c.last_used_at > SINCE).label("lately")))


SINCE = bindparam("since", type_=TIMESTAMPTZ)
KNOWS_NETWORK, HAS_SEEN = _knows_network(), _has_seen()
