"""What `benchmarks.search` searches in: skewed as real installs are, one account with most of everything.

Words follow Zipf's law: the first occurs in nearly every text, the last in a few.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.messaging.participants.domain import participants_key
from shared.records.ids import new_id

SERVICES, PRACTITIONERS = 100_000, 2_000
MESSAGES, CONVERSATIONS, HEAVY = 100_000, 3_000, 0.9
POSTS, POST_LENGTH = 1_000, 10_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
COMMON, RARE = "sata", "zubedo"
FOREIGN = ("日本語の授業", "привет", "שלום")
Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """Who searches: `heavy` has most of the conversations, `light` five of them; the stream with all posts."""

    heavy: UUID
    light: UUID
    owner: UUID
    stream: UUID


class RandomWords:
    """Texts of made-up words; the same ones on every run."""

    def __init__(self) -> None:
        self._random = random.Random(7)
        syllables = ["".join(pair) for pair in itertools.product("bdfgklmnprst", "aeiou")]
        made = {"".join(self._random.choices(syllables, k=self._random.choice((2, 3, 3, 4)))) for _ in range(6000)}
        self._words = [COMMON, *sorted(made - {COMMON, RARE}, key=lambda _: self._random.random())]
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._numbers = itertools.count()

    def text(self, count: int) -> str:
        """So many words; in one text of a thousand a rare word or a foreign one."""
        words = self._random.choices(self._words, cum_weights=self._weights, k=count)
        number = next(self._numbers)
        if number % 3 == 0:
            words[0] = COMMON
        if number % 1000 == 0:
            words.append(RARE)
        if number % 1000 == 1:
            words.append(FOREIGN[number // 1000 % len(FOREIGN)])
        return " ".join(words)

    def of_length(self, characters: int) -> str:
        """As long as a text may be."""
        return self.text(characters // 5)[:characters]

    def some(self, least: int, most: int) -> str:
        """A text of that many words."""
        return self.text(self._random.randint(least, most))


async def fill(connection: asyncpg.Connection) -> Found:
    """All three schemas; returns who searches."""
    words = RandomWords()
    heavy, light = await _fill_messaging(connection, words)
    owner, stream = await _fill_streams(connection, words)
    await _fill_catalog(connection, words)
    await connection.execute("vacuum analyze")
    return Found(heavy, light, owner, stream)


async def _copy(connection: asyncpg.Connection, table: str, columns: str, rows: Rows) -> None:
    schema, name = table.split(".")
    await connection.copy_records_to_table(name, schema_name=schema, columns=columns.split(), records=rows)


async def _fill_messaging(connection: asyncpg.Connection, words: RandomWords) -> tuple[UUID, UUID]:
    heavy, light = new_id(), new_id()
    owners = [heavy if number < CONVERSATIONS * HEAVY else new_id() for number in range(CONVERSATIONS)]
    owners[-5:] = [light] * 5
    sides = [(new_id(), owner, new_id()) for owner in owners]
    columns = "id participants_key subject status last_seq active_at created_at"
    facts = ("open", MESSAGES // CONVERSATIONS + 1, BEGAN, BEGAN)
    rows = ((id, participants_key(both), words.text(2), *facts) for id, *both in sides)
    await _copy(connection, "messaging.conversations", columns, rows)
    members = ((id, person, True, 0, 0) for id, *both in sides for person in both)
    await _copy(
        connection, "messaging.participants", "conversation_id user_id has_written read_seq receipt_seq", members
    )
    messages = (
        (new_id(), id, number // CONVERSATIONS + 1, both[number % 2], words.some(4, 30), _moment(number))
        for number, (id, *both) in enumerate(itertools.islice(itertools.cycle(sides), MESSAGES))
    )
    await _copy(connection, "messaging.messages", "id conversation_id seq sender_id body created_at", messages)
    return heavy, light


async def _fill_streams(connection: asyncpg.Connection, words: RandomWords) -> tuple[UUID, UUID]:
    owner, stream = new_id(), new_id()
    columns = "id practitioner_id owner_id title description created_at updated_at"
    about = (stream, new_id(), owner, "Everything", "d", BEGAN, BEGAN)
    await _copy(connection, "streams.streams", columns, iter([about]))
    tiers = ((stream, level, f"t{level}", 0, "USD") for level in (0, 1))
    await _copy(connection, "streams.tiers", "stream_id level name price_amount currency", tiers)
    columns = "id stream_id owner_id title body post_type tier_level status published_at created_at updated_at"
    posts = (
        (new_id(), stream, owner, words.text(4), words.of_length(POST_LENGTH), "text", number % 2, "published",
         _moment(number), BEGAN, BEGAN)
        for number in range(POSTS)
    )  # fmt: skip
    await _copy(connection, "streams.posts", columns, posts)
    return owner, stream


async def _fill_catalog(connection: asyncpg.Connection, words: RandomWords) -> None:
    ids = [new_id() for _ in range(PRACTITIONERS)]
    columns = "id user_id display_name bio specializations timezone status version created_at updated_at"
    facts = ("UTC", "approved", 1, BEGAN, BEGAN)
    people = ((id, new_id(), words.text(2), words.text(30), [words.text(1)], *facts) for id in ids)
    await _copy(connection, "catalog.practitioners", columns, people)
    columns = """id practitioner_id service_type title description category price_amount currency duration_minutes
        max_participants delivery buffer_before_minutes buffer_after_minutes min_notice_minutes horizon_days is_active
        version created_at updated_at"""
    offered = ("USD", 60, 1, "online", 0, 0, 0, 90, True, 1)
    services = (
        (new_id(), _skewed(ids, number), "session", words.text(4), words.some(10, 60), "yoga", 5000, *offered,
         _moment(number), BEGAN)
        for number in range(SERVICES)
    )  # fmt: skip
    await _copy(connection, "catalog.services", columns, services)


def _skewed(ids: list[UUID], number: int) -> UUID:
    """The first one has nine of ten."""
    return ids[number // 10 % len(ids)] if number % 10 == 0 else ids[0]


def _moment(number: int) -> datetime:
    return BEGAN + timedelta(seconds=number)
