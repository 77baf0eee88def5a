"""What a notification is, before it is stored and sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.preferences.domain import Topic
from services.notifications.templates.domain import Params


@dataclass(frozen=True)
class Notification:
    """What one person is to know. `cause` names the occasion: for one cause a person is notified once.

    `about` is the other person whom the text names. `useful_until` is business time, after which no channel brings it.
    """

    user_id: UUID
    topic: Topic
    type: str
    template: str
    cause: str
    params: Params
    data: Mapping[str, Any]
    timezone: str = "UTC"  # for a reader who has not named a zone
    outbound: bool = True  # whether channels bring it too
    in_app: bool = True
    about: UUID | None = None
    booking_id: UUID | None = None
    useful_until: datetime | None = None
