"""The two feeds of a person, on the sockets of `shared.live.sockets`."""

from collections.abc import Sequence
from uuid import UUID

from starlette.websockets import WebSocket

from services.notifications.live.repository import Frames
from services.notifications.live.service import feed_key
from shared.auth.verification import Caller
from shared.database.session import Database
from shared.live.feeds import Feed, Frame
from shared.live.hub import Hub
from shared.live.sockets import serve


class PersonalFeed:
    """The stored frames of one person on one channel."""

    def __init__(self, db: Database, user_id: UUID, channel: str) -> None:
        self._db, self._user_id, self._channel = db, user_id, channel
        self.key = feed_key(user_id, channel)

    async def position(self, after: UUID | None) -> int:
        """See `Feed.position`."""
        async with self._db.read() as session:
            if after is None:
                return await Frames(session).last(self._user_id, self._channel)
            return await Frames(session).number_of(self._user_id, self._channel, after)

    async def fetch(self, position: int, limit: int) -> Sequence[Frame]:
        """See `Feed.fetch`."""
        async with self._db.read() as session:
            return await Frames(session).after(self._user_id, self._channel, position, limit)

    def buffered(self, position: int, limit: int) -> None:
        """See `Feed.buffered`: no frames are kept in memory for a single person."""


async def follow(socket: WebSocket, channel: str, scope: str | None = None) -> None:
    """Serves the caller's own feed of that channel; narrowed tokens need that scope too, where its frames show more
    than notifications."""
    hub: Hub = socket.app.state.hub
    db: Database = socket.app.state.runtime.db

    async def own(caller: Caller) -> Feed:
        if scope is not None:
            caller.demand_scope(scope)
        return PersonalFeed(db, caller.user_id, channel)

    await serve(socket, hub, own)
