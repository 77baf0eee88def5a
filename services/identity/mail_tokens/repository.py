"""SQL of mails with tokens."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update

from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.models import MailToken
from shared.database.repository import Repository
from shared.records.clock import machine_now


class MailTokens(Repository):
    """Mails that were asked for, by account or address."""

    async def add(self, mail: MailToken) -> None:
        """Stores a new one at once."""
        self.session.add(mail)
        await self.session.flush()

    async def find(self, mail_id: UUID) -> MailToken | None:
        """The mail, void or not."""
        return await self.session.get(MailToken, mail_id)

    async def reload(self, mail: MailToken) -> None:
        """Reads it again, once its account is locked."""
        await self.session.refresh(mail)

    async def use(self, mail_id: UUID) -> bool:
        """Uses the token up, if it is good: of many at once one is true."""
        now = machine_now()
        good = (*_is_open(now), MailToken.id == mail_id)
        used = update(MailToken).where(*good).values(used_at=now).returning(MailToken.id)
        return await self.session.scalar(used, execution_options=PLAIN) is not None

    async def supersede(
        self, user_id: UUID, kinds: Collection[MailKind], *, but: UUID | None = None, since: UUID | None = None
    ) -> None:
        """Voids what is open of those kinds but for one, or only what was made after the mail `since`."""
        now = machine_now()
        wanted = update(MailToken).where(*_is_open(now), MailToken.user_id == user_id, MailToken.kind.in_(kinds))
        wanted = wanted.where(MailToken.id.is_distinct_from(but))
        wanted = wanted if since is None else wanted.where(MailToken.id > since)
        await self.session.execute(wanted.values(superseded_at=now), execution_options=PLAIN)

    async def void_asked_by(self, session_ids: Collection[UUID]) -> None:
        """Voids the changes of address that were asked for in those sign-in sessions."""
        asked = (MailToken.kind == MailKind.CHANGE_EMAIL, MailToken.session_id.in_(session_ids))
        voided = update(MailToken).where(*_is_open(machine_now()), *asked).values(superseded_at=machine_now())
        await self.session.execute(voided, execution_options=PLAIN)

    async def void(self, mail_id: UUID) -> None:
        """Voids that one, unless it was used."""
        one = update(MailToken).where(*_is_open(machine_now()), MailToken.id == mail_id)
        await self.session.execute(one.values(superseded_at=machine_now()), execution_options=PLAIN)

    async def unannounced(self, limit: int = 100) -> Sequence[UUID]:
        """Ids of those of which it is not known yet whether they are to be sent, the oldest first."""
        waiting = select(MailToken.id).where(MailToken.announced_at.is_(None), MailToken.superseded_at.is_(None))
        return (await self.session.scalars(waiting.order_by(MailToken.id).limit(limit))).all()

    async def lock_unannounced(self, mail_id: UUID) -> MailToken | None:
        """Locked; None if it was announced or removed meanwhile."""
        waiting = (MailToken.id == mail_id, MailToken.announced_at.is_(None), MailToken.superseded_at.is_(None))
        return await self.session.scalar(select(MailToken).where(*waiting).with_for_update())

    async def remove(self, mail: MailToken) -> None:
        """Deletes a request that leads to no mail."""
        await self.session.delete(mail)

    async def is_reserved(self, address: str, *, but_for: UUID | None = None) -> bool:
        """Whether another account that had the address may still take it back."""
        undo = (*_is_open(machine_now()), MailToken.kind == MailKind.UNDO_EMAIL, MailToken.address == address)
        others = exists().where(*undo, MailToken.user_id.is_distinct_from(but_for))
        return bool(await self.session.scalar(select(others)))

    async def prune(self, before: datetime, limit: int = 500) -> int:
        """Deletes up to `limit` that expired before that moment, and last mails that expired; returns how many."""
        is_last = (MailToken.kind == MailKind.ACCOUNT_ERASED) & (MailToken.expires_at < machine_now())
        some = select(MailToken.id).where((MailToken.expires_at < before) | is_last).limit(limit)
        gone = delete(MailToken).where(MailToken.id.in_(some)).returning(MailToken.id)
        return len((await self.session.scalars(gone, execution_options=PLAIN)).all())


PLAIN = {"synchronize_session": False}


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return MailToken.used_at.is_(None), MailToken.superseded_at.is_(None), MailToken.expires_at > now
