"""Bodies of reports."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from services.messaging.moderation.domain import ReportStatus
from shared.web.http import Body, LongText, UtcTime, View


class NewReport(Body):
    """What is wrong."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=2000)]


class Resolution(Body):
    """Staff's decision; an upheld report closes the conversation."""

    outcome: Literal["dismissed", "upheld"]
    note: Annotated[LongText, StringConstraints(min_length=1, max_length=2000)] | None = None


class ReportView(View):
    """A report, as its author and staff see it."""

    id: UUID
    conversation_id: UUID
    reporter_id: UUID
    reason: str
    status: ReportStatus
    note: str | None
    created_at: UtcTime
    resolved_at: UtcTime | None
