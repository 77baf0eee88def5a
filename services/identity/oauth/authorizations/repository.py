"""SQL of codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from services.identity.oauth.authorizations.models import OAuthCode
from services.identity.sessions.domain import fingerprint
from shared.database.repository import Repository
from shared.records.clock import machine_now

PLAIN = {"synchronize_session": False}


class Codes(Repository):
    """Codes of clients."""

    async def add(self, code: OAuthCode) -> None:
        """Stores a new one."""
        self.session.add(code)
        await self.session.flush()

    async def find(self, code: str, client_id: UUID) -> OAuthCode | None:
        """The client's code as it is now, used, expired or not."""
        own = (OAuthCode.hash == fingerprint(code), OAuthCode.client_id == client_id)
        return await self.session.scalar(select(OAuthCode).where(*own).execution_options(populate_existing=True))

    async def take(self, code: OAuthCode) -> bool:
        """Uses it up: of many at once one is true."""
        unused = (OAuthCode.hash == code.hash, OAuthCode.used_at.is_(None), OAuthCode.expires_at > machine_now())
        used = update(OAuthCode).where(*unused).values(used_at=machine_now()).returning(OAuthCode.hash)
        return await self.session.scalar(used, execution_options=PLAIN) is not None

    async def give(self, code: OAuthCode, session_id: UUID) -> None:
        """The session that its use gave."""
        given = update(OAuthCode).where(OAuthCode.hash == code.hash).values(session_id=session_id)
        await self.session.execute(given, execution_options=PLAIN)

    async def prune(self, before: datetime, limit: int = 5000) -> int:
        """Deletes up to `limit` that expired before then; returns how many."""
        some = select(OAuthCode.hash).where(OAuthCode.expires_at < before).limit(limit)
        gone = delete(OAuthCode).where(OAuthCode.hash.in_(some)).returning(OAuthCode.hash)
        return len((await self.session.scalars(gone, execution_options=PLAIN)).all())
