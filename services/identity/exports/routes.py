"""HTTP of exports."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.identity.exports import service
from services.identity.exports.errors import NotReady
from services.identity.exports.repository import Exports
from services.identity.exports.schemas import ExportView
from services.identity.runtime import Rt
from services.identity.sessions.freshness import Fresh
from shared.errors import NotFound, StepUpRequired, Unauthenticated
from shared.web.http import SessionDep, Signed, UnkeyedRoute, errors_of

router = APIRouter(prefix="/api/v1/auth/user/export", route_class=UnkeyedRoute, tags=["privacy"])
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post(
    "/",
    status_code=202,
    responses={200: {"model": ExportView}, **errors_of(Unauthenticated, StepUpRequired)},
)
async def request_export(caller: Fresh, session: SessionDep, response: Response) -> ExportView:
    """Asks for all that is held of the caller; again within 24 hours: 200, the same export."""
    export, is_new = await service.request(session, caller)
    response.status_code = 202 if is_new else 200
    return ExportView.of(export, await Exports(session).services(export.id))


@router.get("/{export_id}/", responses=errors_of(Unauthenticated, NotFound))
async def get_export(export_id: UUID, caller: Signed, session: SessionDep) -> ExportView:
    """How far it is."""
    export = await Exports(session).get_own(export_id, caller.user_id, session.now())
    return ExportView.of(export, await Exports(session).services(export.id))


@router.get(
    "/{export_id}/download/",
    response_class=Response,
    responses={**ZIP, **errors_of(Unauthenticated, StepUpRequired, NotFound, NotReady)},
)
async def download_export(export_id: UUID, caller: Fresh, session: SessionDep, runtime: Rt) -> Response:
    """A zip: a file of JSON for each service, and `manifest.json` with counts and digests."""
    contents = await service.download(session, runtime, caller, export_id)
    headers = {"Content-Disposition": f'attachment; filename="export-{export_id}.zip"', "Cache-Control": "no-store"}
    return Response(contents, media_type="application/zip", headers=headers)
