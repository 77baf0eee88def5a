"""One conversation in this process: its newest frames are read and encoded once for all of its sockets.

A hint makes it fetch once, whatever the number of sockets; each is then given what lies behind its own position. A
socket that has fallen behind the buffer reads for itself, so that nothing is queued per socket. Typing and presence go
through a short queue per socket, whose oldest entry makes room.
"""

import asyncio
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from uuid import UUID

from services.messaging.live.domain import feed_key, number_in, transient_frame_id
from services.messaging.live.frames import EncodedFrame, TransientFrame
from services.messaging.live.presence import Attendance
from services.messaging.live.repository import Frames
from services.messaging.participants.repository import Participants
from shared.auth.verification import Caller
from shared.database.session import Database
from shared.errors import Forbidden
from shared.live.feeds import Frame

BUFFERED_FRAMES, BUFFERED_CHARACTERS = 200, 1_000_000
FRESH_SECONDS, CHECK_SECONDS = 2.0, 5.0
"""For so long no hint is taken to mean no new frame, and that nobody has left."""
TRANSIENT_FRAMES, NEVER_FETCHED = 16, -1


class LiveConversation:
    """One conversation in this process: its newest frames, and the feeds of its open sockets."""

    def __init__(self, db: Database, conversation_id: UUID) -> None:
        self._db, self.conversation_id = db, conversation_id
        self.key = feed_key(conversation_id)
        self.feeds: set[ChatFeed] = set()
        self._frames: list[EncodedFrame] = []
        self._numbers: list[int] = []  # of these frames, for bisect
        self._characters = 0
        self._begins = self._ends = -1  # the buffered frames lie behind the one, and up to the other
        self._hints, self._fetched, self._fetched_at, self._checked_at = 0, NEVER_FETCHED, 0.0, 0.0
        self._fetching = asyncio.Lock()

    def needs_fetch(self, seq: int | None) -> bool:
        """After a hint about the frame of that number, or about any: whether it is not buffered yet."""
        if seq is not None and seq <= self._ends:
            return False
        self._hints += 1
        return True

    def end_feeds_of(self, user_id: UUID) -> None:
        """The user has left: their sockets end at their next fetch."""
        for feed in self.feeds:
            feed.ended = feed.ended or feed.caller.user_id == user_id

    def add(self, frame: Frame) -> None:
        """Buffers a frame that this process has stored, where everything before it is buffered."""
        if frame.seq == self._ends + 1 and not self._fetching.locked():
            self._buffer([frame])

    async def newest(self) -> int:
        """The number of the conversation's newest frame, as the database has it now."""
        async with self._db.read() as session:
            return await Frames(session).last(self.conversation_id)

    async def number_of(self, frame_id: UUID) -> int:
        """The number of that frame; 0, which is before the first, for one that is not of this conversation."""
        number = number_in(frame_id)
        if number is not None:
            return min(number, await self.newest())
        async with self._db.read() as session:
            return await Frames(session).number_of(self.conversation_id, frame_id)

    async def after(self, position: int, limit: int) -> Sequence[Frame]:
        """The frames behind that number: buffered ones, or for a position that lies too far back, read for it."""
        await self.fetch()
        buffered = self.buffered(position, limit)
        return await self._read(position, limit) if buffered is None else buffered

    def buffered(self, position: int, limit: int) -> Sequence[Frame] | None:
        """The buffered frames behind that number; None for a position that lies too far back."""
        if position >= self._ends:
            return None if self._ends < 0 else ()
        if position < self._begins:
            return None
        first = bisect_right(self._numbers, position)
        return self._frames[first : first + limit]

    async def fetch(self) -> None:
        """Reads the frames that are not buffered yet, once for all callers that wait meanwhile."""
        while not self._is_fresh():
            async with self._fetching:
                if not self._is_fresh():
                    await self._fetch_once()

    def _is_fresh(self) -> bool:
        """Whether a fetch has ended since the last hint, and not long ago."""
        return self._fetched == self._hints and time.monotonic() - self._fetched_at <= FRESH_SECONDS

    async def _fetch_once(self) -> None:
        """A hint that comes while this reads needs another fetch."""
        hints = self._hints
        if self._ends < 0:
            self._begins = self._ends = await self.newest()
        found = await self._read(self._ends, BUFFERED_FRAMES)
        self._fetched_at = time.monotonic()
        await self._check_participants()
        self._fetched = hints if len(found) < BUFFERED_FRAMES else NEVER_FETCHED
        if found:
            self._buffer(found)

    async def _check_participants(self) -> None:
        """Every few seconds, in case that the hint of a departure was lost."""
        if time.monotonic() - self._checked_at < CHECK_SECONDS:
            return
        self._checked_at = time.monotonic()
        async with self._db.read() as session:
            user_ids = await Participants(session).ids(self.conversation_id)
        for user_id in {feed.caller.user_id for feed in self.feeds} - user_ids:
            self.end_feeds_of(user_id)

    def _buffer(self, found: Sequence[Frame]) -> None:
        self._frames += (added := [EncodedFrame.of(frame) for frame in found])
        self._characters += sum(len(frame.as_json) for frame in added)
        self._numbers += [frame.seq for frame in found]
        self._ends = found[-1].seq
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        dropped = 0
        while len(self._frames) - dropped > BUFFERED_FRAMES or self._characters > BUFFERED_CHARACTERS:
            self._characters -= len(self._frames[dropped].as_json)
            dropped += 1
        if dropped:
            self._begins = self._frames[dropped - 1].seq
            del self._frames[:dropped], self._numbers[:dropped]

    async def _read(self, position: int, limit: int) -> Sequence[Frame]:
        async with self._db.read() as session:
            return await Frames(session).after(self.conversation_id, position, limit)


class ChatFeed:
    """The frames of a conversation for one socket.

    `watches`: the client asked for presence. `ended`: the caller has left the conversation.
    """

    def __init__(self, conversation: LiveConversation, caller: Caller) -> None:
        self.conversation, self.caller, self.key = conversation, caller, conversation.key
        self.watches = self.ended = False
        self._transient: deque[TransientFrame] = deque(maxlen=TRANSIENT_FRAMES)
        self._answers: asyncio.Queue[TransientFrame] = asyncio.Queue(TRANSIENT_FRAMES)

    @property
    def attendance(self) -> Attendance:
        """The conversation and the user of this socket."""
        return self.conversation.conversation_id, self.caller.user_id

    def push(self, frame: TransientFrame) -> None:
        """Adds a frame that may be lost: the oldest makes room. The caller notifies the sockets."""
        self._transient.append(frame)

    async def answer(self, frame: TransientFrame) -> None:
        """Adds a frame that is not lost. Waits while the client does not read, so that it cannot ask for more."""
        await self._answers.put(frame)

    async def position(self, after: UUID | None) -> int:
        """See `Feed.position`."""
        return await (self.conversation.newest() if after is None else self.conversation.number_of(after))

    async def fetch(self, position: int, limit: int) -> Sequence[Frame]:
        """See `Feed.fetch`. A transient frame has an id that resumes at this socket's position."""
        frames = await self.conversation.after(position, limit)
        if self.ended:
            raise Forbidden
        if len(frames) == limit or not self._has_transient():
            return frames
        seq = frames[-1].seq if frames else position
        return [*frames, *(Frame(seq, transient_frame_id(seq), *each) for each in self._drain())]

    def buffered(self, position: int, limit: int) -> Sequence[Frame] | None:
        """See `Feed.buffered`. Transient frames are left to the socket's own task, which cannot lose an answer."""
        return None if self.ended or self._has_transient() else self.conversation.buffered(position, limit)

    def _has_transient(self) -> bool:
        return bool(self._transient) or not self._answers.empty()

    def _drain(self) -> list[TransientFrame]:
        drained = [self._answers.get_nowait() for _ in range(self._answers.qsize())] + list(self._transient)
        self._transient.clear()
        return drained
