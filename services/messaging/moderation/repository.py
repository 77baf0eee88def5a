"""SQL of reports."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.messaging.moderation.domain import ReportStatus
from services.messaging.moderation.models import Report
from shared.database.session import Session, values_of
from shared.errors import NotFound
from shared.web.pagination import Page, ordered

ORDERINGS: dict[str, ColumnElement[Any]] = {"created_at": Report.created_at.expression}


class Reports:
    """Participants' complaints."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, report: Report) -> tuple[Report, bool]:
        """One open report per user and conversation: the one that is there, or this, which is then new."""
        adding = insert(Report).values(values_of(report)).on_conflict_do_nothing().returning(Report.id)
        added = await self.session.scalar(adding)
        own = select(Report).where(
            Report.conversation_id == report.conversation_id,
            Report.reporter_id == report.reporter_id,
            Report.status == ReportStatus.OPEN,
        )
        return (await self.session.scalars(own)).one(), added is not None

    async def get(self, report_id: UUID) -> Report:
        """Locked; raises NotFound."""
        found = await self.session.scalar(select(Report).where(Report.id == report_id).with_for_update())
        if found is None:
            raise NotFound("There is no such report.")
        return found

    async def list(self, page: Page, status: ReportStatus | None) -> tuple[Sequence[Report], int]:
        """Newest first."""
        wanted: Select[Any] = select(Report) if status is None else select(Report).where(Report.status == status)
        total = await self.session.scalar(select(func.count()).select_from(wanted.subquery()))
        query = ordered(wanted, page.ordering, ORDERINGS, "-created_at").order_by(Report.id.desc())
        return (await self.session.scalars(query.limit(page.limit).offset(page.offset))).all(), total or 0

    async def is_open(self, conversation_id: UUID) -> bool:
        """Whether a report of the conversation waits for staff."""
        waiting = exists().where(Report.conversation_id == conversation_id, Report.status == ReportStatus.OPEN)
        return bool(await self.session.scalar(select(waiting)))

    async def erase_reasons(self, reporter_id: UUID) -> None:
        """Empties the texts of the user's reports."""
        await self.session.execute(update(Report).where(Report.reporter_id == reporter_id).values(reason=""))
