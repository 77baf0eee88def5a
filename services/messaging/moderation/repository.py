"""SQL of reports."""

from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert

from services.messaging.moderation.domain import ReportStatus
from services.messaging.moderation.models import Report
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.session import values_of

LIST = ListOf(Report, {"created_at": Report.created_at}, last=Report.id.desc())


class Reports(Repository):
    """Participants' complaints."""

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
        return found(
            await self.session.scalar(select(Report).where(Report.id == report_id).with_for_update()), "report"
        )

    async def list(self, page: Page, status: ReportStatus | None) -> Found[Report]:
        """Newest first."""
        return await LIST.page(self.session, select(Report).where(*given({Report.status: status})), page)

    async def is_open(self, conversation_id: UUID) -> bool:
        """Whether a report of the conversation waits for staff."""
        waiting = exists().where(Report.conversation_id == conversation_id, Report.status == ReportStatus.OPEN)
        return bool(await self.session.scalar(select(waiting)))

    async def erase_reasons(self, reporter_id: UUID) -> None:
        """Empties the texts of the user's reports."""
        await self.session.execute(update(Report).where(Report.reporter_id == reporter_id).values(reason=""))
