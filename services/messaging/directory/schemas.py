"""What catalog answers and publishes about a practitioner."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class PractitionerFacts(BaseModel):
    """The part of it that messaging keeps."""

    model_config = ConfigDict(from_attributes=True)

    practitioner_id: UUID
    display_name: str
    verification_status: str
    version: int
