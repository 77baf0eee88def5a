"""Video rooms: tokens to join them, and ending them. LiveKit is the provider; without one, tokens are made anyway.

A service that has rooms adds a `VideoRooms` to its Runtime. The room itself is made when the first person joins.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import aiohttp
from livekit.api import AccessToken, DeleteRoomRequest, LiveKitAPI, RoomParticipantIdentity, TwirpError, VideoGrants

from shared.errors import Unavailable

ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Ticket:
    """What a browser needs to join. `url` is where it reaches LiveKit."""

    url: str
    room: str
    token: str


class VideoRooms(Protocol):
    """The port. Tickets are made in this process; `end` and `remove` call the provider and are safe to repeat."""

    @property
    def can_end(self) -> bool:
        """Whether there is a provider that can be asked to end rooms."""

    def ticket(self, user_id: UUID, room: str, lifetime: timedelta) -> Ticket:
        """Lets that person join that room for so long from now on."""

    async def end(self, room: str) -> None:
        """Ends the room for everybody in it; one that nobody has joined counts as ended. Raises Unavailable."""

    async def remove(self, room: str, user_id: str) -> None:
        """Removes one person, who may be gone already. Raises Unavailable."""


@dataclass(frozen=True)
class RoomKeys:
    """What LiveKit's tokens are signed with, and the address that browsers are given."""

    url: str
    api_key: str
    api_secret: str

    def ticket(self, user_id: UUID, room: str, lifetime: timedelta) -> Ticket:
        """As the port says."""
        token = AccessToken(self.api_key, self.api_secret).with_identity(str(user_id)).with_ttl(lifetime)
        return Ticket(self.url, room, token.with_grants(VideoGrants(room_join=True, room=room)).to_jwt())


class UnservedRooms(RoomKeys):
    """Without a server: real tokens, good at any LiveKit with the same keys, and nobody to end rooms."""

    can_end = False

    async def end(self, room: str) -> None:
        """Raises Unavailable: nobody is there."""
        raise Unavailable("No LiveKit server is configured.")

    async def remove(self, room: str, user_id: str) -> None:
        """Raises Unavailable: nobody is there."""
        raise Unavailable("No LiveKit server is configured.")


@dataclass(frozen=True)
class LiveKitRooms(RoomKeys):
    """LiveKit. `api_url` is where this process reaches it."""

    api_url: str
    can_end = True

    async def end(self, room: str) -> None:
        """As the port says."""
        async with self._asking() as livekit:
            await livekit.room.delete_room(DeleteRoomRequest(room=room))

    async def remove(self, room: str, user_id: str) -> None:
        """As the port says."""
        async with self._asking() as livekit:
            await livekit.room.remove_participant(RoomParticipantIdentity(room=room, identity=user_id))

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[LiveKitAPI]:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with LiveKitAPI(self.api_url, self.api_key, self.api_secret, timeout=timeout) as livekit:
                yield livekit
        except TwirpError as error:
            if error.code != "not_found":  # nobody is in it
                raise Unavailable(f"LiveKit refused: {error!r}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"LiveKit does not answer: {error!r}") from error
