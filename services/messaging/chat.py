"""The chat socket: a member hears the conversation's frames, and says `message.send`, `typing` and `presence`.

What is stored answers as `message.created` to everybody. To the socket that sent it alone go `message.known` (the same
client_id was stored before) and `error` (data: the problem, and the client_id that it is about).
"""

import time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.websockets import WebSocket

from services.messaging import service
from services.messaging.metrics import SOCKETS
from services.messaging.presence import Presence
from services.messaging.repository import Members
from services.messaging.rooms import ChatFeed, Rooms, passing_of
from services.messaging.schemas import MessageView, NewMessage
from shared import trace
from shared.auth.verification import Who
from shared.errors import AppError, FieldError, Invalid, NotFound
from shared.live.sockets import Feed, Hub, credentials, serve
from shared.runtime import Runtime

TYPING_EVERY = 1.0


class Said(BaseModel):
    """One message of a client."""

    type: str
    data: dict[str, Any] = {}


class Chat:
    """One open socket."""

    def __init__(self, socket: WebSocket, conversation_id: str) -> None:
        """`conversation_id` as it is in the path; what is no id is the id of nothing."""
        self.socket, self.given_id = socket, conversation_id
        self.runtime: Runtime = socket.app.state.runtime
        self.hub: Hub = socket.app.state.hub
        self.rooms: Rooms = socket.app.state.rooms
        self.presence: Presence = socket.app.state.presence
        self.feed: ChatFeed | None = None
        self.typed_at = 0.0

    async def serve(self) -> None:
        """From handshake to end; refused with 401 without a good token, with 404 for who is no member."""
        try:
            await serve(self.socket, self.hub, self._open, self._hear)
        finally:
            if self.feed is not None:
                self._close(self.feed)

    async def _open(self, who: Who) -> Feed:
        try:
            conversation_id = UUID(self.given_id)
        except ValueError:
            raise NotFound from None
        async with self.runtime.db.read() as session:
            await Members(session).get(who, conversation_id)
        self.feed = ChatFeed(self.rooms.room(conversation_id), who)
        self.feed.room.feeds.add(self.feed)
        self.presence.came(self.feed.place)
        SOCKETS.inc()
        return self.feed

    def _close(self, feed: ChatFeed) -> None:
        feed.room.feeds.discard(feed)
        self.presence.left(feed.place)
        SOCKETS.dec()

    async def _hear(self, who: Who, text: str) -> None:
        """Answers; what cannot be stored for lack of a database ends the socket, and the client sends it again."""
        client_id = None
        try:
            await self.hub.verifier.user(credentials(self.socket)[0])
            said = Said.model_validate_json(text)
            client_id = said.data.get("client_id")
            await self._do(who, said)
        except ValidationError as error:
            await self._refuse(_invalid(error), client_id)
        except AppError as error:
            await self._refuse(error, client_id)

    async def _do(self, who: Who, said: Said) -> None:
        assert self.feed is not None
        match said.type:
            case "message.send":
                await self._send(who, self.feed, NewMessage.model_validate(said.data))
            case "typing":
                await self._type(who, self.feed)
            case "presence":
                await self._watch(self.feed)
            case _:
                raise Invalid("Say message.send, typing or presence.", code="unknown_type", field="type")

    async def _send(self, who: Who, feed: ChatFeed, given: NewMessage) -> None:
        async with self.runtime.db.transaction() as session:
            sent = await service.send(session, who, feed.room.conversation_id, given)
        if not sent.is_new:
            known = MessageView.model_validate(sent.message).model_dump(mode="json")
            await self._answer("message.known", known)

    async def _type(self, who: Who, feed: ChatFeed) -> None:
        """At most once a second; more is a hint that was given already."""
        now = time.monotonic()
        if now - self.typed_at < TYPING_EVERY:
            return
        self.typed_at = now
        async with self.runtime.db.read() as session:
            await service.check_may_write(session, who, feed.room.conversation_id)
        self.presence.types(feed.place)

    async def _watch(self, feed: ChatFeed) -> None:
        """Tells who of the others is here, and from now on who comes and goes."""
        async with self.runtime.db.read() as session:
            others = await Members(session).others(feed.who, feed.room.conversation_id)
        feed.watches = True  # with no await before the look below: nobody is told of twice, or not at all
        for other in others:
            if self.presence.is_online((feed.room.conversation_id, other.user_id)):
                feed.push(*passing_of(other.user_id, "online"), self.runtime.clock.now())
        self.hub.ring(feed.key)

    async def _refuse(self, error: AppError, client_id: Any) -> None:
        await self._answer("error", {**error.problem(trace.trace_id()), "client_id": client_id})

    async def _answer(self, kind: str, data: dict[str, Any]) -> None:
        assert self.feed is not None
        await self.feed.answer(kind, data, self.runtime.clock.now())
        self.hub.ring(self.feed.key)


def _invalid(error: ValidationError) -> Invalid:
    reasons = error.errors(include_url=False, include_input=False)
    fields = [
        FieldError(field=".".join(str(part) for part in reason["loc"]), message=reason["msg"], code=reason["type"])
        for reason in reasons
    ]
    return Invalid(errors=fields)
