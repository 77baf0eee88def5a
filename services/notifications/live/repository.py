"""SQL of frames."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from services.notifications.live.models import Feed, StoredFrame
from shared.database.repository import Repository
from shared.database.session import table_of, values_of
from shared.database.statements import CompiledStatement
from shared.live.feeds import Frame
from shared.records.clock import machine_now


class Frames(Repository):
    """The stored messages of the sockets."""

    async def append(self, frames: Sequence[StoredFrame]) -> None:
        """Stores each frame as the next of its channel, once per cause. Holds the channels' locks until the commit.

        Every transaction takes the locks in one order, so that one that calls this once cannot deadlock.
        """
        if not frames:
            return
        counts = sorted(Counter((frame.user_id, frame.channel) for frame in frames).items())
        wanted = {
            "users": [str(user_id) for (user_id, _), _ in counts],
            "channels": [channel for (_, channel), _ in counts],
            "counts": [str(count) for _, count in counts],
        }
        feeds = await self.session.run(COUNT_ON, wanted)
        last = {(row.user_id, row.channel): row.last_seq for row in feeds}
        rows = []
        for frame in reversed(frames):
            rows.append({**values_of(frame), "seq": last[frame.user_id, frame.channel]})
            last[frame.user_id, frame.channel] -= 1
        await self.session.run_many(ADD_FRAME, rows)

    async def last(self, user_id: UUID, channel: str) -> int:
        """The number of the channel's newest frame; 0 for a channel without any."""
        feed = select(Feed.last_seq).where(Feed.user_id == user_id, Feed.channel == channel)
        return await self.session.scalar(feed) or 0

    async def number_of(self, user_id: UUID, channel: str, frame_id: UUID) -> int:
        """The frame's number; 0, which is before the first, where this channel does not keep such a frame."""
        own = select(StoredFrame.seq).where(StoredFrame.user_id == user_id, StoredFrame.channel == channel)
        return await self.session.scalar(own.where(StoredFrame.id == frame_id)) or 0

    async def after(self, user_id: UUID, channel: str, seq: int, limit: int) -> Sequence[Frame]:
        """The frames behind that number, in their order."""
        feed = {"user": user_id, "channel": channel, "seq": seq, "limit": limit}
        return [Frame(*row) for row in await self.session.run(FRAMES_AFTER, feed)]

    async def prune(self, retention: timedelta, limit: int) -> int:
        """Deletes frames stored longer ago than `retention` of machine time (the id carries it); returns how many."""
        oldest = UUID(int=int((machine_now() - retention).timestamp() * 1000) << 80)
        old = select(StoredFrame.id).where(StoredFrame.id < oldest).limit(limit)
        gone = await self.session.scalars(delete(StoredFrame).where(StoredFrame.id.in_(old)).returning(StoredFrame.id))
        return len(gone.all())


FRAME = table_of(StoredFrame)
# All three compiled for benchmarks/checkouts.py: each booking is seen as confirmed on its client's socket.
COUNT_ON = CompiledStatement(
    text("""
        insert into notifications.feeds as feed (user_id, channel, last_seq)
        select user_id::uuid, channel, added::bigint
        from unnest(cast(:users as text[]), cast(:channels as text[]), cast(:counts as text[]))
            as wanted (user_id, channel, added)
        on conflict (user_id, channel) do update set last_seq = feed.last_seq + excluded.last_seq
        returning user_id, channel, last_seq
    """)
)
ADD_FRAME = CompiledStatement(insert(FRAME).on_conflict_do_nothing())
FRAMES_AFTER = CompiledStatement(
    select(FRAME.c.seq, FRAME.c.id, FRAME.c.type, FRAME.c.data, FRAME.c.created_at)
    .where(
        FRAME.c.user_id == bindparam("user"), FRAME.c.channel == bindparam("channel"), FRAME.c.seq > bindparam("seq")
    )
    .order_by(FRAME.c.seq)
    .limit(bindparam("limit"))
)
