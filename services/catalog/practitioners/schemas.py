"""Bodies about practitioners."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.catalog.practitioners.domain import Decision, Step, VerificationStatus, completed_steps, next_step
from services.catalog.practitioners.models import Practitioner
from shared.internal.catalog import InternalPractitioner
from shared.records.text import DisplayName
from shared.records.times import ZoneName
from shared.web.bodies import UNCHANGED
from shared.web.http import Body, LongText, Text, UtcTime, View

Bio = Annotated[LongText, StringConstraints(max_length=10_000)]
Specializations = Annotated[list[Annotated[Text, StringConstraints(min_length=1, max_length=80)]], Field(max_length=20)]
Note = Annotated[LongText, StringConstraints(max_length=2000)]


class Application(Body):
    """A user's application to sell services."""

    display_name: DisplayName
    bio: Bio
    specializations: Specializations
    timezone: ZoneName


class ProfileChange(Body):
    """What is left out stays; null is refused, since a profile has all of it."""

    display_name: DisplayName = UNCHANGED
    bio: Bio = UNCHANGED
    specializations: Specializations = UNCHANGED
    timezone: ZoneName = UNCHANGED


class Verification(Body):
    """Staff's decision; the note is for the practitioner."""

    decision: Decision
    note: Note | None = None


class Onboarding(View):
    """The steps that are done, and the first that is not (null when all are)."""

    completed_steps: list[Step]
    next_step: Step | None

    @classmethod
    def of(cls, practitioner: Practitioner, *, has_service: bool) -> "Onboarding":
        """How far the practitioner has come."""
        done = completed_steps(practitioner.status, has_service=has_service)
        return cls(completed_steps=done, next_step=next_step(done))


class Applied(View):
    """The answer to an application."""

    id: UUID
    user_id: UUID
    display_name: str
    verification_status: VerificationStatus
    onboarding: Onboarding

    @classmethod
    def of(cls, practitioner: Practitioner) -> "Applied":
        """Right after the application there is no service yet."""
        return cls.showing(practitioner, onboarding=Onboarding.of(practitioner, has_service=False))


class PractitionerView(View):
    """What everyone may see of an approved practitioner."""

    id: UUID
    user_id: UUID
    display_name: str
    bio: str
    specializations: list[str]
    timezone: str
    verification_status: VerificationStatus
    created_at: UtcTime


class ReviewedPractitioner(PractitionerView):
    """What staff sees as well."""

    note: str | None
    updated_at: UtcTime


class OwnPractitioner(ReviewedPractitioner):
    """What the practitioner (and staff) sees of one."""

    onboarding: Onboarding

    @classmethod
    def of(cls, practitioner: Practitioner, onboarding: Onboarding) -> "OwnPractitioner":
        """The practitioner with the steps."""
        return cls.showing(practitioner, onboarding=onboarding)


def internal_practitioner(practitioner: Practitioner) -> InternalPractitioner:
    """A practitioner as other services see them."""
    return InternalPractitioner.showing(
        practitioner, practitioner_id=practitioner.id, verification_status=practitioner.effective_status
    )
