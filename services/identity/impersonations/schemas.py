"""Bodies about acting in a person's place."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.identity.directory.schemas import Reasoned
from services.identity.impersonations.domain import MINUTES, MOST_MINUTES
from shared.web.http import View


class NewImpersonation(Reasoned):
    """Why, and for how many minutes; `write`: to change things too, which superusers may."""

    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES, strict=True)] = MINUTES
    write: Annotated[bool, Field(strict=True)] = False


class ImpersonationToken(View):
    """A token that speaks for the person; `expires_in` is its life in seconds. The person can end the session."""

    access_token: str
    expires_in: int
    session_id: UUID
