"""The use cases of reports. Each look and decision of staff is in the audit log."""

from collections.abc import Sequence
from uuid import UUID

from services.messaging.conversations import domain as conversations
from services.messaging.conversations.domain import ConversationStatus
from services.messaging.conversations.repository import Conversations
from services.messaging.messages.models import Message
from services.messaging.messages.repository import Messages
from services.messaging.metrics import REPORTS
from services.messaging.moderation.domain import TRANSITIONS, ReportStatus
from services.messaging.moderation.models import Report
from services.messaging.moderation.repository import Reports
from services.messaging.moderation.schemas import NewReport, Resolution
from services.messaging.participants.repository import Participants
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.listing import Page
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.ids import new_id
from shared.records.state import transition
from shared.runtime import Runtime


async def report(session: Session, conversation_id: UUID, caller: Caller, given: NewReport) -> tuple[Report, bool]:
    """A participant's complaint to staff, and whether it is new. Raises NotFound for others."""
    await Participants(session).get(conversation_id, caller)
    complaint = Report(
        id=new_id(),
        conversation_id=conversation_id,
        reporter_id=caller.user_id,
        reason=given.reason,
        status=ReportStatus.OPEN,
        created_at=session.now(),
    )
    stored, is_new = await Reports(session).add_once(complaint)
    if is_new:
        REPORTS.labels("open").inc()
    return stored, is_new


async def read_reported(
    runtime: Runtime, conversation_id: UUID, caller: Caller, page: Page
) -> tuple[Sequence[Message], int]:
    """A reported conversation's messages for staff, newest first; raises NotFound where no report of it is open."""
    asked = {"search": page.search, "limit": page.limit, "offset": page.offset}
    async with runtime.db.transaction() as session:
        if not await Reports(session).is_open(conversation_id):
            raise NotFound("There is no such reported conversation.")
        await audit.record(session, caller.user_id, "conversation.read", conversation_id, {}, asked)
        return await Messages(session).list(conversation_id, page)


async def resolve(session: Session, report_id: UUID, caller: Caller, given: Resolution) -> Report:
    """Staff's decision; upheld, it closes the conversation. Raises NotFound, for a second one IllegalTransition."""
    complaint = await Reports(session).get(report_id)
    before = {"status": complaint.status}
    transition(complaint, ReportStatus(given.outcome), TRANSITIONS)
    complaint.note, complaint.resolved_at = given.note, session.now()
    after = {"status": complaint.status}
    await audit.record(session, caller.user_id, "report.resolve", complaint.id, before, after, reason=given.note)
    if complaint.status is ReportStatus.UPHELD:
        await _close(session, complaint.conversation_id, caller)
    REPORTS.labels(complaint.status.value).inc()
    return complaint


async def _close(session: Session, conversation_id: UUID, caller: Caller) -> None:
    conversation = await Conversations(session).get_locked(conversation_id)
    if conversation.status is ConversationStatus.CLOSED:
        return
    before = {"status": conversation.status}
    transition(conversation, ConversationStatus.CLOSED, conversations.TRANSITIONS)
    after = {"status": conversation.status}
    await audit.record(session, caller.user_id, "conversation.close", conversation_id, before, after)
