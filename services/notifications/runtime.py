"""What notifications has from outside."""

from dataclasses import dataclass

from services.notifications.mail import Mailer
from shared.runtime import Runtime


@dataclass(frozen=True)
class NotificationsRuntime(Runtime):
    """The surroundings, with the way out for mail."""

    mailer: Mailer
