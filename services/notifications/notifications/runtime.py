"""What notifying needs beside the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.notifications.channel import Channel
from services.notifications.settings import Settings
from shared.live.broadcaster import Broadcaster
from shared.runtime import Runtime


@dataclass(frozen=True)
class NotifyRuntime(Runtime):
    """Settings, the channels, and what wakes open sockets."""

    settings: Settings
    channels: Sequence[Channel]
    broadcaster: Broadcaster
