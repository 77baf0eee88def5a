"""SQL of documents and decisions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, exists, false, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.identity.consents.domain import Decision
from services.identity.consents.models import Consent, ConsentDocument
from shared.database.listing import ListOf, Page
from shared.database.repository import Repository
from shared.database.session import TIMESTAMPTZ, table_of
from shared.database.statements import CompiledStatement

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

    async def pending(self, user_id: UUID, now: datetime) -> list[str]:
        """The required purposes whose version in force the person did not last say yes to, without a scope."""
        return sorted(row.purpose for row in await self.session.run(PENDING, {"user_id": user_id, "now": now}))

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


DOCUMENT, LATER = table_of(ConsentDocument), table_of(ConsentDocument).alias("later")
CONSENT = table_of(Consent)


def _pending() -> CompiledStatement:
    """Once in every sign-in: `benchmarks/sign_ins.py`."""
    now, user_id = bindparam("now", type_=TIMESTAMPTZ), bindparam("user_id", type_=Uuid)
    replaced = exists().where(
        LATER.c.purpose == DOCUMENT.c.purpose, LATER.c.version > DOCUMENT.c.version, LATER.c.effective_at <= now
    )
    general = (CONSENT.c.user_id == user_id, CONSENT.c.purpose == DOCUMENT.c.purpose, CONSENT.c.scope_kind.is_(None))
    yes = (CONSENT.c.version == DOCUMENT.c.version) & (CONSENT.c.decision == Decision.GIVEN)
    last = select(yes).where(*general).order_by(CONSENT.c.id.desc()).limit(1).scalar_subquery()
    in_force = (DOCUMENT.c.required, DOCUMENT.c.effective_at <= now, ~replaced)
    return CompiledStatement(select(DOCUMENT.c.purpose).where(*in_force, ~func.coalesce(last, false())))


PENDING = _pending()
