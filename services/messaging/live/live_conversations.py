"""The conversations that are open in this process, and the hints about them."""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

from services.messaging.live.domain import feed_key
from services.messaging.live.frames import PresenceChange, presence_frame
from services.messaging.live.live_conversation import LiveConversation
from services.messaging.live.presence import Attendance
from services.messaging.live.repository import frame_of
from services.messaging.messages.models import Message
from shared.concurrency.tasks import end
from shared.database.session import Database
from shared.live.hub import Hub
from shared.messaging.bus import Bus, Hint
from shared.observability.logs import logger
from shared.records.clock import Clock

log = logger()


class LiveConversations:
    """The conversations that have an open socket in this process."""

    def __init__(self, db: Database, bus: Bus, channel: str, hub: Hub, clock: Clock) -> None:
        """`channel` is that of the hub's hints."""
        self._db, self._bus, self._channel, self._hub, self._clock = db, bus, channel, hub, clock
        self._open: WeakValueDictionary[str, LiveConversation] = WeakValueDictionary()
        self._fetching: dict[LiveConversation, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Begins to listen to hints; before the hub does, so that a notified socket finds a stale conversation."""
        self._stop_listening = self._bus.listen(self._channel, self._on_hint)

    async def stop(self) -> None:
        """Stops listening."""
        self._stop_listening()
        await end(*self._fetching.values())

    def get(self, conversation_id: UUID) -> LiveConversation:
        """That conversation; it lives as long as a socket refers to it."""
        key = feed_key(conversation_id)
        found = self._open.get(key)
        if found is None:
            found = self._open[key] = LiveConversation(self._db, conversation_id)
        return found

    def add(self, message: Message) -> None:
        """A message that this process has stored, for its own sockets."""
        conversation = self._open.get(feed_key(message.conversation_id))
        if conversation is not None:
            conversation.add(frame_of(message))

    def presence_changed(self, attendance: Attendance, change: PresenceChange) -> None:
        """The user came, went or types: sends that to the other sockets of the conversation."""
        conversation_id, user_id = attendance
        conversation = self._open.get(feed_key(conversation_id))
        if conversation is None:
            return
        others = [feed for feed in conversation.feeds if feed.caller.user_id != user_id]
        watching = [feed for feed in others if feed.watches or change == "typing"]
        for feed in watching:
            feed.push(presence_frame(user_id, change, self._clock.now()))
        if watching:
            self._hub.notify(conversation.key)

    def _on_hint(self, hint: Hint) -> None:
        for key in hint.get("keys", []):
            conversation = self._open.get(key)
            if conversation is None:
                continue
            if "left" in hint:
                conversation.end_feeds_of(UUID(hint["left"]))
            if conversation.needs_fetch(hint.get("seq")) and conversation not in self._fetching:
                self._fetching[conversation] = asyncio.get_running_loop().create_task(self._fetch(conversation))

    async def _fetch(self, conversation: LiveConversation) -> None:
        """For all sockets of the conversation, which need not wake up for it; where it fails, each polls."""
        try:
            await conversation.fetch()
        except Exception as error:
            log.warning("live.fetch_failed", error=repr(error))
        finally:
            del self._fetching[conversation]
        self._hub.notify(conversation.key)
