"""Events of other services, as several services' tests need them."""

from uuid import UUID

from shared.events.catalog import PractitionerVerificationChanged


def verification(
    practitioner_id: UUID, user_id: UUID, status: str = "approved", version: int = 2, name: str = "Maya"
) -> PractitionerVerificationChanged:
    """Staff has decided about a practitioner."""
    return PractitionerVerificationChanged(
        practitioner_id=practitioner_id,
        user_id=user_id,
        display_name=name,
        timezone="UTC",
        verification_status=status,
        version=version,
    )
