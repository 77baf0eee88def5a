"""SQL of social sign-in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from services.identity.social.domain import AttemptStep
from services.identity.social.models import ProviderToken, SocialAttempt, SocialIdentity
from shared.concurrency.back_off import BackOff
from shared.database.repository import Repository, found
from shared.records.clock import machine_now
from shared.work.attempts import claim

BACK_OFF = BackOff(first=10, cap=3600)
LAST_TRY = 100
"""Some four days."""
PLAIN = {"synchronize_session": False}


class SocialAttempts(Repository):
    """Sign-ins that are under way."""

    async def add(self, attempt: SocialAttempt) -> None:
        """Stores a new one at once."""
        attempt.created_at = machine_now()
        self.session.add(attempt)
        await self.session.flush()

    async def add_native(self, **fields: Any) -> SocialAttempt | None:
        """Stores one of a native app; None where its ID token was used before."""
        row = {"created_at": machine_now(), **fields}
        adding = insert(SocialAttempt).values(row).on_conflict_do_nothing(index_elements=[SocialAttempt.id_token_hash])
        return await self.session.scalar(adding.returning(SocialAttempt))

    async def take(
        self, token_hash: bytes, step: AttemptStep, then: AttemptStep, **fields: str
    ) -> SocialAttempt | None:
        """Takes the attempt that waits for that token one step on: of many at once one gets it, the others None.

        `fields` are columns that have to be so.
        """
        open_ = (SocialAttempt.hash == token_hash, SocialAttempt.step == step)
        lately = SocialAttempt.expires_at > machine_now()
        taken = update(SocialAttempt).where(*open_, lately).filter_by(**fields).values(step=then)
        return await self.session.scalar(taken.returning(SocialAttempt), execution_options=PLAIN)

    async def find(self, token_hash: bytes, step: AttemptStep) -> SocialAttempt | None:
        """The attempt that waits for that token, and is in time."""
        waits = (SocialAttempt.hash == token_hash, SocialAttempt.step == step)
        return await self.session.scalar(select(SocialAttempt).where(*waits, SocialAttempt.expires_at > machine_now()))

    async def get(self, attempt_id: UUID) -> SocialAttempt:
        """That attempt, locked; NotFound where it was removed."""
        query = select(SocialAttempt).where(SocialAttempt.id == attempt_id)
        return found(await self.session.scalar(query.with_for_update()), "attempt")

    async def forget(self, user_id: UUID, email: str) -> None:
        """Deletes what is under way for that account, by its address, or by whom it is linked to."""
        known = select(SocialIdentity.issuer, SocialIdentity.subject).where(SocialIdentity.user_id == user_id)
        is_known = tuple_(SocialAttempt.issuer, SocialAttempt.subject).in_(known)
        theirs = or_(SocialAttempt.user_id == user_id, SocialAttempt.email == email, is_known)
        await self.session.execute(delete(SocialAttempt).where(theirs), execution_options=PLAIN)

    async def prune(self, before: datetime, limit: int = 500) -> int:
        """Deletes up to `limit` that were over by then; returns how many."""
        some = select(SocialAttempt.id).where(SocialAttempt.expires_at < before).limit(limit)
        gone = delete(SocialAttempt).where(SocialAttempt.id.in_(some)).returning(SocialAttempt.id)
        return len((await self.session.scalars(gone, execution_options=PLAIN)).all())


class SocialIdentities(Repository):
    """Which account at a provider opens which account here."""

    async def lock(self, issuer: str, subject: str) -> SocialIdentity | None:
        """That identity; no other transaction decides about it until the end of this one, even if it is not there."""
        name = func.hashtextextended(f"{issuer} {subject}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(name)))
        own = (SocialIdentity.issuer == issuer, SocialIdentity.subject == subject)
        return await self.session.scalar(select(SocialIdentity).where(*own))

    async def add(self, identity: SocialIdentity) -> None:
        """Stores a new one."""
        identity.created_at = machine_now()
        self.session.add(identity)
        await self.session.flush()

    async def list_of(self, user_id: UUID) -> Sequence[SocialIdentity]:
        """The account's, oldest first."""
        own = select(SocialIdentity).where(SocialIdentity.user_id == user_id)
        return (await self.session.scalars(own.order_by(SocialIdentity.id))).all()

    async def is_there(self, identity_id: UUID) -> bool:
        """Whether it is still there."""
        return bool(await self.session.scalar(select(exists().where(SocialIdentity.id == identity_id))))

    async def has_at(self, user_id: UUID, issuer: str) -> bool:
        """Whether the account has one at that issuer."""
        own = exists().where(SocialIdentity.user_id == user_id, SocialIdentity.issuer == issuer)
        return bool(await self.session.scalar(select(own)))

    async def remove(self, gone: Sequence[SocialIdentity]) -> None:
        """Deletes them at once."""
        for identity in gone:
            await self.session.delete(identity)
        await self.session.flush()


class ProviderTokens(Repository):
    """What is to be taken back at providers."""

    async def add(self, token: ProviderToken) -> None:
        """Stores a new one at once."""
        token.created_at = machine_now()
        self.session.add(token)
        await self.session.flush()

    async def release(self) -> int:
        """Makes those due that nothing has any more; returns how many."""
        used = [exists().where(holder.token_id == ProviderToken.id) for holder in (SocialAttempt, SocialIdentity)]
        unused = (ProviderToken.next_try_at.is_(None), *(~one for one in used))
        due = update(ProviderToken).where(*unused).values(next_try_at=machine_now()).returning(ProviderToken.id)
        return len((await self.session.scalars(due, execution_options=PLAIN)).all())

    async def claim(self, number: int = 20) -> Sequence[ProviderToken]:
        """Those that are to be revoked now."""
        return await claim(self.session, ProviderToken, number, BACK_OFF)

    async def remove(self, token_id: UUID) -> None:
        """It is revoked."""
        gone = delete(ProviderToken).where(ProviderToken.id == token_id)
        await self.session.execute(gone, execution_options=PLAIN)

    async def prune(self, before: datetime) -> int:
        """Deletes those whose revocation was in vain and that are older than that moment; returns how many."""
        old = (
            ProviderToken.next_try_at.is_not(None),
            ProviderToken.created_at < before,
            ProviderToken.tries > LAST_TRY,
        )
        gone = delete(ProviderToken).where(*old).returning(ProviderToken.id)
        return len((await self.session.scalars(gone, execution_options=PLAIN)).all())
