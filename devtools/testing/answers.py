"""What other services answer under `/internal`, for doubles of them: the same classes as theirs, filled."""

from typing import Any
from uuid import UUID

from shared.events.subscriptions import (
    SubscriptionSnapshot,
)
from shared.internal.catalog import InternalPractitioner
from shared.internal.identity import InternalUser
from shared.records.ids import new_id
from shared.records.money import Money


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


def a_subscription(**changes: Any) -> SubscriptionSnapshot:
    """A practitioner's paid plan with twenty services, as payments publishes it."""
    given: dict[str, Any] = {
        "id": new_id(),
        "kind": "platform",
        "user_id": new_id(),
        "practitioner_id": new_id(),
        "plan_id": new_id(),
        "plan_code": "entry",
        "plan_name": "Entry",
        "level": 1,
        "features": {"service_limit": 20, "commission_rate": "0.1500", "figures": "all"},
        "interval": "month",
        "price": Money(2900, "USD"),
        "status": "active",
        "current_period_end": None,
        "trial_until": None,
        "access_until": None,
        "retry_at": None,
        "end_reason": None,
        "version": 1,
    }
    return SubscriptionSnapshot(**given | changes)
