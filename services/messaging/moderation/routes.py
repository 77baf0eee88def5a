"""HTTP of reports: for participants, and for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.messaging.messages.schemas import MessageView
from services.messaging.moderation import service
from services.messaging.moderation.domain import ReportStatus
from services.messaging.moderation.repository import Reports
from services.messaging.moderation.schemas import NewReport, ReportView, Resolution
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.runtime import Runtime
from shared.web.http import Route, SessionDep, Signed, errors_of, needs, runtime_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/conversations", route_class=Route, tags=["conversations"])
admin = APIRouter(prefix="/api/v1/admin/conversations", route_class=Route, tags=["moderation"])
Staff = Annotated[Caller, needs(Permission.MODERATE_CONVERSATIONS)]
RuntimeDep = Annotated[Runtime, Depends(runtime_of)]
REPORTED_BEFORE = 200


@router.post("/{conversation_id}/reports/", status_code=201, responses=errors_of(NotFound))
async def report_conversation(
    conversation_id: UUID, body: NewReport, caller: Signed, session: SessionDep, response: Response
) -> ReportView:
    """Asks staff to look at this conversation; while one's report is open, another is the same, with 200."""
    complaint, is_new = await service.report(session, conversation_id, caller, body)
    response.status_code = 201 if is_new else REPORTED_BEFORE
    return ReportView.model_validate(complaint)


@admin.get("/reports/", responses=errors_of(Forbidden))
async def list_conversation_reports(
    _: Staff, session: SessionDep, page: Paging, status: ReportStatus | None = None
) -> Listing[ReportView]:
    """Newest first."""
    return Listing[ReportView].of(*await Reports(session).list(page, status), page)


@admin.post("/reports/{report_id}/resolve/", responses=errors_of(Forbidden, NotFound, IllegalTransition))
async def resolve_conversation_report(
    report_id: UUID, body: Resolution, caller: Staff, session: SessionDep
) -> ReportView:
    """Dismisses the report, or upholds it and closes the conversation."""
    return ReportView.model_validate(await service.resolve(session, report_id, caller, body))


@admin.get("/{conversation_id}/messages/", responses=errors_of(Forbidden, NotFound))
async def list_reported_messages(
    conversation_id: UUID, caller: Staff, runtime: RuntimeDep, page: Paging
) -> Listing[MessageView]:
    """A conversation of which a report is open; each look is in the audit log."""
    return Listing[MessageView].of(*await service.read_reported(runtime, conversation_id, caller, page), page)
