"""Two people in one chat whose lines break again and again: what did each of them hear?"""

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from tests.journey.people import Person, join, practise
from tests.journey.world import Json, World
from tests.storm.customers import NO_ANSWER

BACK_WITHIN, ASKS_AGAIN_AFTER, LATE_AFTER, PAGE = 3.0, 1.5, 30.0, 100
PAUSE_AT_THE_DOOR = 0.05


@dataclass
class Talker:
    """One of them, with a socket of their own that comes back whenever it breaks: to the next of the gateways."""

    person: Person
    gateways: list[str]
    room: str
    said: list[str] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    _socket: aiohttp.ClientWebSocketResponse[bool] | None = None
    _stored: set[str] = field(default_factory=set)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self) -> None:
        """Until cancelled: behind the last frame, at once again when the line breaks; notes how long it was gone."""
        lost: float | None = None
        gateways = itertools.cycle(self.gateways)
        while True:
            with suppress(*NO_ANSWER):
                async with self._call(next(gateways), self.heard[-1]["id"] if self.heard else None) as socket:
                    self.gaps += [time.monotonic() - lost] if lost is not None else []
                    await self._follow(socket)
                lost = None
            lost = time.monotonic() if lost is None else lost
            await asyncio.sleep(PAUSE_AT_THE_DOOR)

    async def say(self, least: int, pause: float, enough: asyncio.Event) -> None:
        """So many messages at least and until it is enough, each again with its client_id until it has been stored."""
        for number in itertools.count():
            if number >= least and enough.is_set():
                return
            self.said.append(self.person.world.unique(f"no. {number}"))
            while self.said[-1] not in self._stored:
                await self._send(self.said[-1])
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._until_stored(self.said[-1]), ASKS_AGAIN_AFTER)
            await asyncio.sleep(pause)

    def _call(self, gateway: str, after: str | None) -> "aiohttp.client._WSRequestContextManager":
        query = {"token": self.person.token, **({"after": after} if after else {})}
        url = f"{gateway.replace('http', 'ws', 1)}/ws/chat/{self.room}/"
        return self.person.world.http.ws_connect(url, params=query, timeout=aiohttp.ClientWSTimeout(ws_close=2))

    async def _follow(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
        self._socket = socket
        try:
            async for message in socket:
                await self._hear(message.json())
        finally:
            self._socket = None

    async def _hear(self, frame: Json) -> None:
        if frame["type"] == "message.created":
            self.heard.append(frame)
        if frame["type"] in {"message.created", "message.known"}:
            self._stored.add(frame["data"]["client_id"])
            async with self._news:
                self._news.notify_all()

    async def _send(self, client_id: str) -> None:
        with suppress(*NO_ANSWER):
            if self._socket is not None:
                data = {"client_id": client_id, "body": client_id}
                await self._socket.send_json({"type": "message.send", "data": data})

    async def has_heard(self, count: int) -> None:
        """Returns when so many messages were heard."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.heard) >= count)

    async def _until_stored(self, client_id: str) -> None:
        async with self._news:
            await self._news.wait_for(lambda: client_id in self._stored)


class Talk:
    """A conversation between two talkers, who begin at different gateways where there are two."""

    def __init__(self, *talkers: Talker) -> None:
        self.talkers = talkers

    @classmethod
    async def between(cls, world: World, gateways: list[str]) -> "Talk":
        """A client and a practitioner who never met before."""
        practitioner, client = await practise(world), await join(world)
        opened = await client.post("/conversations/", {"participant_ids": [practitioner.id]}, expect=201)
        return cls(Talker(client, gateways, opened["id"]), Talker(practitioner, gateways[::-1], opened["id"]))

    async def go_on(self, least: int, pause: float, enough: asyncio.Event) -> None:
        """Each says so much at least, until it is enough; ends when both have heard everything, or some time later."""
        listening = [asyncio.create_task(talker.listen()) for talker in self.talkers]
        try:
            await asyncio.gather(*(talker.say(least, pause, enough) for talker in self.talkers))
            total = sum(len(talker.said) for talker in self.talkers)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*(one.has_heard(total) for one in self.talkers)), LATE_AFTER)
        finally:
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)

    async def broken(self) -> list[str]:
        """What was lost, doubled or out of order, for each of them and for one who reads or resumes afterwards."""
        stored = await self._stored()
        late = await self._resumed(behind=10)
        wrong = [line for talker in self.talkers for line in heard_wrongly(talker, stored)]
        wrong += [] if late == stored[10:] else [f"who resumed after the tenth heard {len(late)} of {len(stored) - 10}"]
        for talker in self.talkers:
            own = [text for text in stored if text in set(talker.said)]
            wrong += [] if own == talker.said else [f"{talker.person.email} said {len(talker.said)}, kept: {len(own)}"]
        return wrong

    async def _stored(self) -> list[str]:
        """All bodies, oldest first, page by page."""
        person, found, before = self.talkers[0].person, list[Json](), ""
        while True:
            path = f"/conversations/{self.talkers[0].room}/messages/?limit={PAGE}{before}"
            page = (await person.get(path, expect=200))["results"]
            found += page
            if len(page) < PAGE:
                return [message["body"] for message in reversed(found)]
            before = f"&before={page[-1]['id']}"

    async def _resumed(self, behind: int) -> list[str]:
        """What somebody hears who comes back behind that frame."""
        first = self.talkers[1]
        late = Talker(first.person, first.gateways, first.room, heard=first.heard[:behind])
        listening = asyncio.create_task(late.listen())
        with suppress(TimeoutError):
            await asyncio.wait_for(late.has_heard(len(first.heard)), LATE_AFTER)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        return [frame["data"]["body"] for frame in late.heard[behind:]]


def heard_wrongly(talker: Talker, stored: list[str]) -> Iterator[str]:
    """Whatever differs from what is stored, and each return that took too long."""
    heard = [frame["data"]["body"] for frame in talker.heard]
    if heard != stored:
        missing, double = set(stored) - set(heard), len(heard) - len(set(heard))
        yield f"{talker.person.email} heard {len(heard)} of {len(stored)}: {len(missing)} lost, {double} twice"
    for gap in talker.gaps:
        if gap > BACK_WITHIN:
            yield f"{talker.person.email} was back after {gap:.1f} s only"
