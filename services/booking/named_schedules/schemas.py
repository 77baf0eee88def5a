"""Named schedules, as practitioners write and read them."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from services.booking.schedules.models import NamedSchedule
from services.booking.schedules.schemas import ScheduleBody, or_null
from shared.web.http import Text, UtcTime, View

ScheduleName = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
ServiceIds = Annotated[list[UUID], Field(max_length=100, json_schema_extra={"uniqueItems": True})]


class NamedScheduleBody(ScheduleBody):
    """A whole named schedule; `service_ids` are the services that use it, and no others."""

    name: ScheduleName
    service_ids: Annotated[ServiceIds, or_null(ServiceIds)] = Field([])

    @field_validator("service_ids")
    @classmethod
    def _each_once(cls, service_ids: list[UUID]) -> list[UUID]:
        if len(set(service_ids)) < len(service_ids):
            raise PydanticCustomError("duplicate_service", "Name each service once")
        return service_ids

    @property
    def content(self) -> dict[str, Any]:
        """What is stored in its row."""
        return self.model_dump(mode="json", by_alias=True, exclude={"service_ids"})


class NamedScheduleView(View):
    """A named schedule with the services that use it."""

    id: UUID
    practitioner_id: UUID
    name: str
    timezone: str
    weekly: list[dict[str, Any]]
    overrides: list[dict[str, Any]]
    zone_changes: list[dict[str, Any]]
    service_ids: list[UUID]
    created_at: UtcTime
    updated_at: UtcTime

    @classmethod
    def of(cls, schedule: NamedSchedule, service_ids: list[UUID]) -> Self:
        """With the services that use it."""
        columns = {name: getattr(schedule, name) for name in cls.model_fields if name != "service_ids"}
        return cls(**columns, service_ids=service_ids)
