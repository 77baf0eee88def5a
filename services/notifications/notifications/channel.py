"""The port of the channels: mail is the first, others get a folder in `channels/` and a place in `app.CHANNELS`."""

from collections.abc import Sequence
from typing import Protocol

from services.notifications.notifications.domain import Notification
from services.notifications.preferences.domain import ChannelName
from shared.database.session import Session


class Channel(Protocol):
    """A way to people outside the process. The in-app list is none: it is stored with the notification."""

    name: ChannelName
    """Under which preference a person switches it off."""

    async def enqueue(self, session: Session, notifications: Sequence[Notification]) -> None:
        """Stores what is to be delivered, once per person and cause; delivery follows after the commit."""
