"""The use case of live updates: store frames, and make open sockets look after the commit."""

from collections.abc import Sequence
from uuid import UUID

from services.notifications.live.models import StoredFrame
from services.notifications.live.repository import Frames
from shared.database.session import Session
from shared.live.broadcaster import Broadcaster

NOTIFICATIONS = "notifications"
BOOKING_UPDATES = "booking-updates"


async def publish(broadcaster: Broadcaster, session: Session, frames: Sequence[StoredFrame]) -> None:
    """Stores the frames and wakes their sockets after the commit. At most once per transaction (`Frames.append`)."""
    await Frames(session).append(frames)
    broadcaster.after_commit(session, [feed_key(frame.user_id, frame.channel) for frame in frames])


def feed_key(user_id: UUID, channel: str) -> str:
    """Under which key the sockets of that person's channel are woken."""
    return f"{channel}:{user_id}"
