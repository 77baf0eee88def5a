"""SQL of hand-offs."""

from datetime import datetime

from sqlalchemy import delete, select, update

from services.identity.oauth.handoffs.models import HandOff
from services.identity.sessions.domain import fingerprint
from shared.database.repository import Repository
from shared.records.clock import machine_now

PLAIN = {"synchronize_session": False}


class HandOffs(Repository):
    """Hand-offs."""

    async def add(self, made: HandOff) -> None:
        """Stores a new one at once."""
        self.session.add(made)
        await self.session.flush()

    async def find(self, token: str) -> HandOff | None:
        """The one with that token, if it can be used."""
        good = (HandOff.hash == fingerprint(token), HandOff.used_at.is_(None), HandOff.expires_at > machine_now())
        return await self.session.scalar(select(HandOff).where(*good))

    async def use(self, known: HandOff) -> bool:
        """Uses it up: of many at once one is true."""
        unused = (HandOff.hash == known.hash, HandOff.used_at.is_(None), HandOff.expires_at > machine_now())
        used = update(HandOff).where(*unused).values(used_at=machine_now()).returning(HandOff.hash)
        return await self.session.scalar(used, execution_options=PLAIN) is not None

    async def prune(self, before: datetime) -> int:
        """Deletes those that expired before then; returns how many."""
        gone = delete(HandOff).where(HandOff.expires_at < before).returning(HandOff.hash)
        return len((await self.session.scalars(gone, execution_options=PLAIN)).all())
