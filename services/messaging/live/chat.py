"""The chat socket: a participant gets the conversation's frames, and sends `message.send`, `typing` and `presence`.

A message that was stored comes as `message.created` to every socket. To the one that sent it alone go `message.known`
(the same client_id was stored before) and `error` (data: the problem, and the client_id that it is about).
"""

import time
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.websockets import WebSocket

from services.messaging.conversations.domain import ConversationStatus
from services.messaging.conversations.repository import Conversations
from services.messaging.live.frames import TransientFrame, presence_frame
from services.messaging.live.live_conversation import ChatFeed
from services.messaging.live.live_conversations import LiveConversations
from services.messaging.live.presence import Presence
from services.messaging.live.schemas import ClientMessage
from services.messaging.messages import service
from services.messaging.messages.live_updates import LiveUpdates
from services.messaging.messages.schemas import MessageView, NewMessage
from services.messaging.metrics import SOCKETS
from services.messaging.participants.repository import Participants
from shared import trace
from shared.auth.verification import Caller
from shared.errors import AppError, Invalid, NotFound, ReadOnlyMode
from shared.live.feeds import Feed
from shared.live.hub import Hub
from shared.live.sockets import credentials, serve
from shared.runtime import Runtime
from shared.web.unions import invalid_request

TYPING_SECONDS = 1.0
WRITE_MESSAGES = "messages.write"


class Chat:
    """One open socket."""

    def __init__(self, socket: WebSocket, conversation_id: str) -> None:
        """`conversation_id` as it is in the path; what is no id is an unknown one."""
        self.socket, self.given_id = socket, conversation_id
        self.runtime: Runtime = socket.app.state.runtime
        self.hub: Hub = socket.app.state.hub
        self.conversations: LiveConversations = socket.app.state.live_conversations
        self.presence: Presence = socket.app.state.presence
        self.live: LiveUpdates = socket.app.state.live
        self.feed: ChatFeed | None = None
        self.typed_at = 0.0

    async def serve(self) -> None:
        """From handshake to end; refused with 401 without a valid token, with 404 for a user who does not take part."""
        try:
            await serve(self.socket, self.hub, self._open, self._receive)
        finally:
            if self.feed is not None:
                self._close(self.feed)

    async def _open(self, caller: Caller) -> Feed:
        try:
            conversation_id = UUID(self.given_id)
        except ValueError:
            raise NotFound from None
        async with self.runtime.db.read() as session:
            await Participants(session).get(conversation_id, caller)
        self.feed = ChatFeed(self.conversations.get(conversation_id), caller)
        self.feed.conversation.feeds.add(self.feed)
        self.presence.opened(self.feed.attendance)
        SOCKETS.inc()
        return self.feed

    def _close(self, feed: ChatFeed) -> None:
        feed.conversation.feeds.discard(feed)
        self.presence.closed(feed.attendance)
        SOCKETS.dec()

    async def _receive(self, caller: Caller, text: str) -> None:
        """Handles one message. Without a database the socket ends, and the client sends it again after reconnecting."""
        client_id: str | None = None
        try:
            await self.hub.verifier.user(credentials(self.socket)[0])
            message = ClientMessage.model_validate_json(text)
            client_id = message.client_id
            await self._handle(caller, message)
        except ValidationError as error:
            await self._refuse(_invalid(error), client_id)
        except AppError as error:
            await self._refuse(error, client_id)

    async def _handle(self, caller: Caller, message: ClientMessage) -> None:
        assert self.feed is not None
        match message.type:
            case "message.send":
                caller.demand_scope(WRITE_MESSAGES)
                if self.hub.verifier.read_only:
                    raise ReadOnlyMode
                await self._send(caller, self.feed, NewMessage.model_validate(message.data))
            case "typing":
                caller.demand_scope(WRITE_MESSAGES)
                await self._type(caller, self.feed)
            case "presence":
                await self._watch(caller, self.feed)
            case _:
                raise Invalid("Send message.send, typing or presence.", code="unknown_type", field="type")

    async def _send(self, caller: Caller, feed: ChatFeed, given: NewMessage) -> None:
        async with self.runtime.db.transaction() as session:
            sent = await service.send(session, feed.conversation.conversation_id, caller, given, self.live)
        if not sent.is_new:
            known = MessageView.model_validate(sent.message).model_dump(mode="json")
            await self._answer("message.known", known)

    async def _type(self, caller: Caller, feed: ChatFeed) -> None:
        """At most once a second; more are ignored."""
        now = time.monotonic()
        if now - self.typed_at < TYPING_SECONDS:
            return
        self.typed_at = now
        conversation_id = feed.conversation.conversation_id
        async with self.runtime.db.read() as session:
            conversation = await Conversations(session).get(conversation_id, caller)
            others = await Participants(session).others(conversation_id, caller)
        is_closed = conversation.status is ConversationStatus.CLOSED
        if (refusal := service.refusal_of(others, is_closed=is_closed)) is not None:
            raise refusal
        self.presence.typing(feed.attendance)

    async def _watch(self, caller: Caller, feed: ChatFeed) -> None:
        """Sends which of the others are online, and from now on who comes and goes."""
        conversation_id = feed.conversation.conversation_id
        async with self.runtime.db.read() as session:
            others = await Participants(session).others(conversation_id, caller)
        feed.watches = True  # with no await before the loop: nobody is sent twice, or not at all
        for other in others:
            if self.presence.is_online((conversation_id, other.user_id)):
                feed.push(presence_frame(other.user_id, "online", self.runtime.clock.now()))
        self.hub.notify(feed.key)

    async def _refuse(self, error: AppError, client_id: str | None) -> None:
        await self._answer("error", {**error.problem(trace.trace_id()), "client_id": client_id})

    async def _answer(self, kind: str, data: dict[str, Any]) -> None:
        assert self.feed is not None
        await self.feed.answer(TransientFrame(kind, data, self.runtime.clock.now()))
        self.hub.notify(self.feed.key)


def _invalid(error: ValidationError) -> Invalid:
    return invalid_request([{**reason, "loc": ("body", *reason["loc"])} for reason in error.errors(include_url=False)])
