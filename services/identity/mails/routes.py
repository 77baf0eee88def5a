"""HTTP of mails, for the service that sends them."""

from uuid import UUID

from fastapi import APIRouter

from services.identity.mails import service
from services.identity.runtime import Rt
from shared.errors import NotFound
from shared.internal.identity import MAIL_TOKEN, InternalMail
from shared.web.http import SessionDep, UnkeyedRoute, called_by, errors_of

internal = APIRouter(route_class=UnkeyedRoute, dependencies=[called_by("notifications")])


@internal.get(MAIL_TOKEN.path, responses=errors_of(NotFound))
async def mail_token(mail_token_id: UUID, session: SessionDep, runtime: Rt) -> InternalMail:
    """A mail that is due, with its token; 404 for one that is void by now."""
    return await service.describe(session, runtime.mail_token_key, runtime.sealing, mail_token_id)
