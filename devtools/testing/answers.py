"""What other services answer under `/internal`, for doubles of them: the same classes as theirs, filled."""

from typing import Any
from uuid import UUID

from shared.internal.catalog import InternalPractitioner
from shared.internal.identity import InternalUser
from shared.records.ids import new_id


def a_user(user_id: UUID | None = None, **changes: Any) -> InternalUser:
    """An account that identity knows."""
    given = {
        "user_id": user_id or new_id(),
        "email": "ana@example.org",
        "first_name": "Ana",
        "last_name": "Kova",
        "timezone": None,
        "roles": ["user"],
        "practitioner_id": None,
    }
    return InternalUser.model_validate(given | changes)


def a_practitioner(**changes: Any) -> InternalPractitioner:
    """A practitioner whom catalog knows."""
    given = {
        "practitioner_id": new_id(),
        "user_id": new_id(),
        "display_name": "Ana's studio",
        "timezone": "Europe/Lisbon",
        "verification_status": "approved",
        "version": 1,
    }
    return InternalPractitioner.model_validate(given | changes)
