"""Resources, as practitioners write and read them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, Strict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from services.booking.resources.domain import ResourceKind
from services.booking.resources.models import Resource
from shared.web.http import Body, Text, UtcTime, View

ResourceName = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Quantity = Annotated[int, Strict(), Field(ge=1, le=100)]
PractitionerIds = Annotated[list[UUID], Field(max_length=100, json_schema_extra={"uniqueItems": True})]


class ResourceBody(Body):
    """A whole resource; it replaces the one before. The services of `shared_with` may use it too.

    What has a `location_id` is not for sessions at another location.
    """

    name: ResourceName
    kind: ResourceKind
    quantity: Quantity
    location_id: UUID | None = None
    shared_with: PractitionerIds | None = None

    def locations(self) -> list[tuple[str, UUID]]:
        """The one it names, with its field."""
        return [("location_id", self.location_id)] if self.location_id else []

    @field_validator("shared_with")
    @classmethod
    def _each_once(cls, ids: list[UUID] | None) -> list[UUID] | None:
        if ids and len(set(ids)) < len(ids):
            raise PydanticCustomError("duplicate_practitioner", "Name each practitioner once")
        return ids


class ResourceView(View):
    """A resource. Of `shared_with` those who are not its owner see themselves alone."""

    id: UUID
    practitioner_id: UUID
    name: str
    kind: ResourceKind
    quantity: int
    location_id: UUID | None
    shared_with: list[UUID]
    created_at: UtcTime
    updated_at: UtcTime

    @classmethod
    def seen_by(cls, practitioner_id: UUID, resource: Resource) -> Self:
        """The resource as that practitioner may see it."""
        is_own = resource.practitioner_id == practitioner_id
        return cls.showing(resource, shared_with=resource.shared_with if is_own else [practitioner_id])
