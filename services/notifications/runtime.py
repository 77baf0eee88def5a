"""What notifications has from outside."""

from dataclasses import dataclass

from services.notifications.channels.mail.smtp import Mailer
from services.notifications.notifications.runtime import NotifyRuntime


@dataclass(frozen=True)
class NotificationsRuntime(NotifyRuntime):
    """The resources of the process, with the mail server."""

    mailer: Mailer
