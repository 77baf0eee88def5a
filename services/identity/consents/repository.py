"""SQL of documents and decisions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.identity.consents.domain import Decision
from services.identity.consents.models import Consent, ConsentDocument
from shared.database.listing import ListOf, Page
from shared.database.repository import Repository

IN_ORDER = ListOf(
    ConsentDocument,
    {"purpose": ConsentDocument.purpose, "effective_at": ConsentDocument.effective_at},
    "purpose",
    last=ConsentDocument.version,
)
NEWEST_FIRST = ListOf(Consent, {"created_at": Consent.created_at, "purpose": Consent.purpose}, "-created_at")


class Documents(Repository):
    """Texts that people agree to."""

    async def page(self, now: datetime, page: Page) -> tuple[Sequence[ConsentDocument], int]:
        """Those in force, one for each purpose."""
        return await IN_ORDER.page(self.session, _in_force(now), page)

    async def in_force(self, purpose: str, now: datetime) -> ConsentDocument | None:
        """The one that counts for that purpose."""
        return await self.session.scalar(_in_force(now).where(ConsentDocument.purpose == purpose))

    async def required(self, now: datetime) -> dict[str, int]:
        """Versions in force of the purposes without which no account can be used."""
        found = await self.session.scalars(_in_force(now).where(ConsentDocument.required))
        return {document.purpose: document.version for document in found}

    async def find(self, purpose: str, version: int) -> ConsentDocument | None:
        """That version, in force or not."""
        return await self.session.get(ConsentDocument, (purpose, version))

    async def lock_newest(self, purpose: str) -> int:
        """The highest version, 0 without one; no other request adds one of that purpose before the commit."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"identity.consents.{purpose}"))))
        newest = select(func.max(ConsentDocument.version)).where(ConsentDocument.purpose == purpose)
        return await self.session.scalar(newest) or 0

    async def add(self, document: ConsentDocument) -> None:
        """Publishes it."""
        self.session.add(document)
        await self.session.flush()


class Consents(Repository):
    """Decisions of people."""

    async def page(self, user_id: UUID, page: Page) -> tuple[Sequence[Consent], int]:
        """The latest of that person for each purpose and scope."""
        return await NEWEST_FIRST.page(self.session, select(Consent).where(Consent.id.in_(_latest(user_id))), page)

    async def given(self, user_id: UUID) -> list[tuple[str, int]]:
        """Purposes, with their versions, that the person last said yes to without a scope."""
        latest = select(Consent).where(Consent.id.in_(_latest(user_id)), Consent.scope_kind.is_(None))
        found = await self.session.scalars(latest.where(Consent.decision == Decision.GIVEN))
        return [(consent.purpose, consent.version) for consent in found]

    async def add(self, consent: Consent) -> None:
        """Records it."""
        self.session.add(consent)
        await self.session.flush()

    async def prune(self, now: datetime, limit: int = 500) -> int:
        """Deletes up to `limit` of accounts that were closed three years ago; returns how many."""
        return int(await self.session.scalar(select(func.identity.prune_consents(now, limit))) or 0)


def _in_force(now: datetime) -> Select[ConsentDocument]:
    of_now = select(ConsentDocument.purpose, func.max(ConsentDocument.version).label("version"))
    newest = of_now.where(ConsentDocument.effective_at <= now).group_by(ConsentDocument.purpose).subquery()
    same = (newest.c.purpose == ConsentDocument.purpose) & (newest.c.version == ConsentDocument.version)
    return select(ConsentDocument).join(newest, same)


def _latest(user_id: UUID) -> Select[UUID]:
    scope = (Consent.purpose, Consent.scope_kind, Consent.scope_id)
    own = select(Consent.id).where(Consent.user_id == user_id).ext(distinct_on(*scope))
    return own.order_by(*scope, Consent.id.desc())
