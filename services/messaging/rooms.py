"""What the sockets of one process share: each conversation's newest frames, read and encoded once for all of them.

A hint makes a room look once, whatever the number of its sockets; each is then given what lies behind its own position.
One that has fallen behind what the room keeps reads for itself, so that nothing is queued per socket. Typing and
presence pass through a short queue per socket, whose oldest entry makes room.
"""

import asyncio
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from services.messaging.domain import feed_key, number_in, passing_frame_id
from services.messaging.models import Message
from services.messaging.presence import Place
from services.messaging.repository import Frames, Members, frame_of
from shared.auth.verification import Who
from shared.concurrency.tasks import end
from shared.database.session import Database
from shared.errors import Forbidden
from shared.live.outlet import wire_of
from shared.live.sockets import Frame, Hub
from shared.messaging.bus import Bus, Hint
from shared.observability.logs import logger
from shared.records.clock import Clock

KEEP_FRAMES, KEEP_CHARACTERS = 200, 1_000_000
TRUST_FOR, CHECK_EVERY = 2.0, 5.0
"""Seconds for which a room believes that no hint means no news, and that nobody has left."""
PASSING, UNSEEN = 16, -1
log = logger()
Passing = tuple[str, dict[str, Any], datetime]
"""Type, data and business time of a frame that is told and not stored."""


@dataclass(frozen=True, slots=True)
class Encoded(Frame):
    """A frame that is made ready once for all sockets."""

    line: str
    ready: bytes

    @classmethod
    def of(cls, frame: Frame) -> "Encoded":
        """Encodes it."""
        line = frame.text()
        return cls(frame.seq, frame.id, frame.type, frame.data, frame.created_at, line, wire_of(line))

    def text(self) -> str:
        """The JSON that every socket sends."""
        return self.line

    def wire(self) -> bytes:
        """The bytes that every socket sends."""
        return self.ready


class Room:
    """One conversation in this process: its newest frames, and the feeds of its open sockets."""

    def __init__(self, db: Database, conversation_id: UUID) -> None:
        self._db, self.conversation_id = db, conversation_id
        self.key = feed_key(conversation_id)
        self.feeds: set[ChatFeed] = set()
        self._frames: list[Encoded] = []
        self._numbers: list[int] = []  # of these frames, to find one fast
        self._characters = 0
        self._begins = self._ends = -1  # what is kept lies behind the one, and up to the other
        self._heard, self._seen, self._looked_at, self._checked_at = 0, UNSEEN, 0.0, 0.0
        self._looking = asyncio.Lock()

    def hear(self, seq: int | None) -> bool:
        """There may be news: the frame of that number. True where it is not here yet and has to be looked for."""
        if seq is not None and seq <= self._ends:
            return False
        self._heard += 1
        return True

    def end_feeds_of(self, user_id: UUID) -> None:
        """That person has left: their sockets end when they look."""
        for feed in self.feeds:
            feed.ended = feed.ended or feed.who.user_id == user_id

    def offer(self, frame: Frame) -> None:
        """A frame that was stored just now: kept without reading it, where everything before it is here."""
        if frame.seq == self._ends + 1 and not self._looking.locked():
            self._keep([frame])

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
        """The frames behind that number: from what is kept, or for a position that lies too far back, anew."""
        await self.look()
        kept = self.kept(position, limit)
        return await self._read(position, limit) if kept is None else kept

    def kept(self, position: int, limit: int) -> Sequence[Frame] | None:
        """The frames behind that number that are here; None for a position that lies too far back."""
        if position >= self._ends:
            return None if self._ends < 0 else ()
        if position < self._begins:
            return None
        first = bisect_right(self._numbers, position)
        return self._frames[first : first + limit]

    def _is_fresh(self) -> bool:
        """Only a look that has ended counts: what it found is there for who asks now."""
        return self._seen == self._heard and time.monotonic() - self._looked_at <= TRUST_FOR

    async def look(self) -> None:
        """Reads what is not here yet, once for everybody who asks meanwhile."""
        while not self._is_fresh():
            async with self._looking:
                if not self._is_fresh():
                    await self._look_once()

    async def _look_once(self) -> None:
        """What is heard while this reads asks for another look."""
        heard = self._heard
        if self._ends < 0:
            self._begins = self._ends = await self.newest()
        found = await self._read(self._ends, KEEP_FRAMES)
        self._looked_at = time.monotonic()
        await self._check_members()
        self._seen = heard if len(found) < KEEP_FRAMES else UNSEEN
        if found:
            self._keep(found)

    async def _check_members(self) -> None:
        """Now and then, in case that the hint of somebody's leaving was lost."""
        if time.monotonic() - self._checked_at < CHECK_EVERY:
            return
        self._checked_at = time.monotonic()
        async with self._db.read() as session:
            members = await Members(session).ids(self.conversation_id)
        for user_id in {feed.who.user_id for feed in self.feeds} - members:
            self.end_feeds_of(user_id)

    def _keep(self, found: Sequence[Frame]) -> None:
        self._frames += (encoded := [Encoded.of(frame) for frame in found])
        self._characters += sum(len(frame.line) for frame in encoded)
        self._numbers += [frame.seq for frame in found]
        self._ends = found[-1].seq
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        dropped = 0
        while len(self._frames) - dropped > KEEP_FRAMES or self._characters > KEEP_CHARACTERS:
            self._characters -= len(self._frames[dropped].line)
            dropped += 1
        if dropped:
            self._begins = self._frames[dropped - 1].seq
            del self._frames[:dropped], self._numbers[:dropped]

    async def _read(self, position: int, limit: int) -> Sequence[Frame]:
        async with self._db.read() as session:
            return await Frames(session).after(self.conversation_id, position, limit)


class ChatFeed:
    """One socket's view of a room. `watches`: it asked to hear who comes and goes. `ended`: its person has left."""

    def __init__(self, room: Room, who: Who) -> None:
        self.room, self.who, self.key = room, who, room.key
        self.watches = self.ended = False
        self._passing: deque[Passing] = deque(maxlen=PASSING)
        self._answers: asyncio.Queue[Passing] = asyncio.Queue(PASSING)

    @property
    def place(self) -> Place:
        """Where this socket's person is."""
        return self.room.conversation_id, self.who.user_id

    def push(self, kind: str, data: dict[str, Any], moment: datetime) -> None:
        """A hint; the room's sockets are rung by who calls this."""
        self._passing.append((kind, data, moment))

    async def answer(self, kind: str, data: dict[str, Any], moment: datetime) -> None:
        """A word to this socket alone; waits while it does not read, so that it cannot ask for more either."""
        await self._answers.put((kind, data, moment))

    async def position(self, after: UUID | None) -> int:
        """See `Feed.position`."""
        return await self.room.newest() if after is None else await self.room.number_of(after)

    async def fetch(self, position: int, limit: int) -> Sequence[Frame]:
        """See `Feed.fetch`. What passes carries an id that resumes where this socket stands."""
        frames = await self.room.after(position, limit)
        if self.ended:
            raise Forbidden
        if len(frames) == limit or not (self._passing or self._answers.qsize()):
            return frames
        seq = frames[-1].seq if frames else position
        return [*frames, *(Frame(seq, passing_frame_id(seq), *each) for each in self._drained())]

    def at_hand(self, position: int, limit: int) -> Sequence[Frame] | None:
        """See `Feed.at_hand`. What passes is left to the socket's own task, which cannot lose an answer half way."""
        return None if self.ended or self._passing or self._answers.qsize() else self.room.kept(position, limit)

    def _drained(self) -> list[Passing]:
        passing = [self._answers.get_nowait() for _ in range(self._answers.qsize())] + list(self._passing)
        self._passing.clear()
        return passing


class Rooms:
    """The conversations that have an open socket in this process."""

    def __init__(self, db: Database, bus: Bus, channel: str, hub: Hub, clock: Clock) -> None:
        """`channel` is that of the hub's hints."""
        self._db, self._bus, self._channel, self._hub, self._clock = db, bus, channel, hub, clock
        self._rooms: WeakValueDictionary[str, Room] = WeakValueDictionary()
        self._looking: dict[Room, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Begins to listen to hints; before the hub does, so that a socket that is rung finds its room stale."""
        self._stop_listening = self._bus.listen(self._channel, self._hinted)

    async def stop(self) -> None:
        """Ends listening."""
        self._stop_listening()
        await end(*self._looking.values())

    def room(self, conversation_id: UUID) -> Room:
        """The room of that conversation; it lives as long as somebody holds it."""
        key = feed_key(conversation_id)
        found = self._rooms.get(key)
        if found is None:
            found = self._rooms[key] = Room(self._db, conversation_id)
        return found

    def offer(self, message: Message) -> None:
        """A message that this process has stored, for its own sockets."""
        room = self._rooms.get(feed_key(message.conversation_id))
        if room is not None:
            room.offer(frame_of(message))

    def changed(self, place: Place, what: str) -> None:
        """Tells the sockets of that conversation that somebody came, went or types."""
        conversation_id, user_id = place
        room = self._rooms.get(feed_key(conversation_id))
        if room is None:
            return
        told = [feed for feed in room.feeds if feed.who.user_id != user_id and (feed.watches or what == "typing")]
        for feed in told:
            feed.push(*passing_of(user_id, what), self._clock.now())
        if told:
            self._hub.ring(room.key)

    def _hinted(self, hint: Hint) -> None:
        for key in hint.get("keys", []):
            room = self._rooms.get(key)
            if room is not None and "left" in hint:
                room.end_feeds_of(UUID(hint["left"]))
            if room is not None and room.hear(hint.get("seq")) and room not in self._looking:
                self._looking[room] = asyncio.get_running_loop().create_task(self._look(room))

    async def _look(self, room: Room) -> None:
        """For all sockets of the room, which need not wake up for it; where it fails, each looks in its time."""
        try:
            await room.look()
        except Exception as error:
            log.warning("rooms.look_failed", error=repr(error))
        finally:
            del self._looking[room]
        self._hub.ring(room.key)


def passing_of(user_id: UUID, what: str) -> tuple[str, dict[str, Any]]:
    """Type and data of the frame that tells it."""
    if what == "typing":
        return "typing", {"user_id": str(user_id)}
    return "presence", {"user_id": str(user_id), "online": what == "online"}
