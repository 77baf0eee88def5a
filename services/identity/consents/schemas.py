"""Bodies of consents."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.identity.consents.domain import Decision, ScopeKind
from shared.web.http import Body, LongText, Text, UtcTime, View

Purpose = Annotated[str, StringConstraints(strip_whitespace=True, pattern="^[a-z][a-z_]{1,39}$")]
Version = Annotated[int, Field(ge=1, le=1_000_000)]


class NewDocument(Body):
    """A version of a text: the last one plus 1. `effective_at` is business time; in the past counts as now."""

    purpose: Purpose
    version: Version
    title: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    text: Annotated[LongText, StringConstraints(min_length=1, max_length=100_000)]
    required: StrictBool
    effective_at: UtcTime


class DocumentView(View):
    """A version of a text. `required`: the account cannot be used without it."""

    purpose: str
    version: int
    title: str
    text: str
    required: bool
    effective_at: UtcTime


class Agreement(Body):
    """A document that is agreed to with the registration."""

    purpose: Purpose
    version: Version


class ConsentScope(Body):
    """One of the three: the decision counts for that one alone."""

    practitioner_id: UUID | None = None
    booking_id: UUID | None = None
    post_id: UUID | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise PydanticCustomError("one_needed", "Send one of practitioner_id, booking_id and post_id")
        return self

    def named(self) -> tuple[str, UUID]:
        """Which of them it names."""
        [(kind, scope_id)] = self.model_dump(exclude_none=True).items()
        return kind, scope_id


class NewConsent(Body):
    """A decision about the version that was shown."""

    purpose: Purpose
    version: Version
    decision: Decision
    scope: ConsentScope | None = None


class ConsentView(View):
    """A decision as it was recorded."""

    id: UUID
    purpose: str
    version: int
    decision: Decision
    scope: dict[ScopeKind, UUID] | None
    created_at: UtcTime
