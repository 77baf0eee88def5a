"""HTTP of consents."""

from typing import Annotated

from fastapi import APIRouter

from services.identity.consents import service
from services.identity.consents.errors import NotTheNextVersion, RequiredPurpose, UnknownPurpose, VersionOutdated
from services.identity.consents.repository import Consents, Documents
from services.identity.consents.schemas import ConsentView, DocumentView, NewConsent, NewDocument
from shared.auth.permissions import Permission, StaffRequired
from shared.auth.verification import Caller
from shared.errors import ConfirmationRequired, Unauthenticated
from shared.web.http import InPerson, Route, SessionDep, Signed, confirmed, errors_of, needs
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1/consents", route_class=Route, tags=["consents"])
admin = APIRouter(prefix="/api/v1/admin/consents", route_class=Route, tags=["consents"])
Publishing = Annotated[Caller, needs(Permission.PUBLISH_DOCUMENTS)]


@router.get("/documents/")
async def list_consent_documents(page: Paging, session: SessionDep) -> Listing[DocumentView]:
    """The texts in force, one for each purpose."""
    return Listing[DocumentView].of(*await Documents(session).page(session.now(), page), page)


@admin.post(
    "/documents/",
    status_code=201,
    dependencies=[confirmed(Permission.PUBLISH_DOCUMENTS)],
    responses=errors_of(StaffRequired, ConfirmationRequired, NotTheNextVersion),
)
async def publish_consent_document(body: NewDocument, caller: Publishing, session: SessionDep) -> DocumentView:
    """Publishes the next version of a text; from `effective_at` on people are asked for it."""
    return DocumentView.model_validate(await service.publish(session, caller, body))


@router.get("/", responses=errors_of(Unauthenticated))
async def list_consents(caller: Signed, page: Paging, session: SessionDep) -> Listing[ConsentView]:
    """The caller's latest decision for each purpose and scope; none means no."""
    return Listing[ConsentView].of(*await Consents(session).page(caller.user_id, page), page)


@router.post(
    "/",
    status_code=201,
    dependencies=[InPerson],
    responses=errors_of(Unauthenticated, UnknownPurpose, VersionOutdated, RequiredPurpose),
)
async def decide_consent(body: NewConsent, caller: Signed, session: SessionDep) -> ConsentView:
    """Records a decision, which counts everywhere within two seconds; earlier ones stay as they were."""
    return ConsentView.model_validate(await service.decide(session, caller.user_id, body))
