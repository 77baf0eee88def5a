"""Reports and what staff do about them. Staff read a conversation only while a report of it is open, and on record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from services.messaging.domain import CONVERSATION_TRANSITIONS, REPORT_TRANSITIONS, ConversationStatus, ReportStatus
from services.messaging.metrics import REPORTS
from services.messaging.models import AuditEntry, Conversation, Message, Report
from services.messaging.repository import Members, Messages
from services.messaging.schemas import NewReport, Resolution
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.ids import new_id
from shared.records.state import transition
from shared.web.pagination import Page, ordered

REPORT_ORDERINGS: dict[str, ColumnElement[Any]] = {"created_at": Report.created_at.expression}


class Reports:
    """Members' complaints."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, report: Report) -> tuple[Report, bool]:
        """One open report per member and conversation: the one that is there, or this, which is then new."""
        values = {column.key: getattr(report, column.key) for column in Report.__table__.columns}
        added = await self.session.scalar(insert(Report).values(values).on_conflict_do_nothing().returning(Report.id))
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
        query = ordered(wanted, page.ordering, REPORT_ORDERINGS, "-created_at").order_by(Report.id.desc())
        return (await self.session.scalars(query.limit(page.limit).offset(page.offset))).all(), total or 0

    async def is_open(self, conversation_id: UUID) -> bool:
        """Whether any report of the conversation waits for staff."""
        waiting = exists().where(Report.conversation_id == conversation_id, Report.status == ReportStatus.OPEN)
        return bool(await self.session.scalar(select(waiting)))


async def report(session: Session, who: Who, conversation_id: UUID, given: NewReport) -> tuple[Report, bool]:
    """A member's complaint to staff, and whether it is new."""
    await Members(session).get(who, conversation_id)
    complaint = Report(
        id=new_id(),
        conversation_id=conversation_id,
        reporter_id=who.user_id,
        reason=given.reason,
        status=ReportStatus.OPEN,
        created_at=session.now(),
    )
    stored, is_new = await Reports(session).add_once(complaint)
    if is_new:
        REPORTS.labels("open").inc()
    return stored, is_new


async def read_reported(session: Session, who: Who, conversation_id: UUID, page: Page) -> tuple[Sequence[Message], int]:
    """A reported conversation's messages, newest first; that staff read them is on record before they do.

    Raises NotFound for a conversation of which no report is open.
    """
    if not await Reports(session).is_open(conversation_id):
        raise NotFound("There is no such reported conversation.")
    seen = {"search": page.search, "limit": page.limit, "offset": page.offset}
    await _record(session, who, "conversation.read", conversation_id, {}, seen)
    return await Messages(session).list(conversation_id, page)


async def resolve(session: Session, who: Who, report_id: UUID, given: Resolution) -> Report:
    """Staff's decision on a report; upheld, it closes the conversation. A second decision is an IllegalTransition."""
    complaint = await Reports(session).get(report_id)
    before = {"status": complaint.status}
    transition(complaint, ReportStatus(given.outcome), REPORT_TRANSITIONS)
    complaint.note, complaint.resolved_at = given.note, session.now()
    after = {"status": complaint.status, "note": given.note}
    await _record(session, who, "report.resolve", complaint.id, before, after)
    if complaint.status is ReportStatus.UPHELD:
        await _close(session, who, complaint.conversation_id)
    REPORTS.labels(complaint.status.value).inc()
    return complaint


async def _close(session: Session, who: Who, conversation_id: UUID) -> None:
    conversation = await session.get_one(Conversation, conversation_id, with_for_update=True)
    if conversation.status is ConversationStatus.CLOSED:
        return
    before = {"status": conversation.status}
    transition(conversation, ConversationStatus.CLOSED, CONVERSATION_TRANSITIONS)
    await _record(session, who, "conversation.close", conversation_id, before, {"status": conversation.status})


async def _record(
    session: Session, who: Who, action: str, subject_id: UUID, before: dict[str, Any], after: dict[str, Any]
) -> None:
    entry = {"action": action, "subject_id": subject_id, "before": before, "after": after}
    row = {"id": new_id(), "actor_id": who.user_id, "created_at": session.now(), **entry}
    await session.execute(insert(AuditEntry).values(row))
