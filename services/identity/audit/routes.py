"""HTTP of audit logs, for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from services.identity.audit import service
from services.identity.audit.schemas import AuditListing, VerificationView
from services.identity.runtime import Rt
from shared.auth.permissions import Permission, StaffRequired
from shared.auth.verification import Caller
from shared.errors import Invalid, NotFound, Unavailable
from shared.web.audit import AuditEntry, Wanted
from shared.web.http import Route, errors_of, needs
from shared.web.pagination import Paging

router = APIRouter(prefix="/api/v1/admin/audit", route_class=Route, tags=["audit"])
Staff = Annotated[Caller, needs(Permission.READ_AUDIT)]
OnlyService = Annotated[str | None, Query(alias="service", max_length=40)]
EXPORT = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}


@router.get("/", responses=errors_of(StaffRequired, Invalid))
async def search_audit(
    _: Staff, runtime: Rt, wanted: Wanted, page: Paging, service_name: OnlyService = None
) -> AuditListing:
    """What staff did in all services, newest first; at most the first thousand entries."""
    return await service.search(runtime, service_name, wanted, page)


@router.get("/export/", response_class=StreamingResponse, responses=errors_of(StaffRequired, Invalid))
async def export_audit(_: Staff, runtime: Rt, wanted: Wanted, service_name: OnlyService = None) -> StreamingResponse:
    """Every entry as a line of JSON, service by service; a last line names the services that did not answer."""
    lines = service.lines(service.logs(runtime, service_name), wanted)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=EXPORT)


@router.get("/verification/", responses=errors_of(StaffRequired, Unavailable))
async def verify_audit(_: Staff, runtime: Rt) -> list[VerificationView]:
    """Whether each service's log is as it was sealed; all rows are checked, which takes a while for many."""
    return [VerificationView.of(found) for found in await service.verify_all(runtime)]


@router.get("/{entry_id}/", responses=errors_of(StaffRequired, NotFound, Unavailable))
async def get_audit_entry(entry_id: UUID, _: Staff, runtime: Rt) -> AuditEntry:
    """One entry, of whichever service."""
    return await service.get(runtime, entry_id)
