"""The topics: made once by `estuary topics`, before the first process starts."""

import asyncio
from collections.abc import Callable, Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code
from pydantic import Field

from shared.messaging.cloudevents import internal
from shared.messaging.kafka.security import IN_THE_CLEAR, ClientOptions
from shared.settings import ServiceSettings, SettingsError

HINTS = "estuary.hints"
HINTS_RETENTION_HOURS = 1
REACH_SECONDS = 15.0
EXISTS = 36


class TopicSettings(ServiceSettings):
    """KAFKA_PARTITIONS of each new topic, KAFKA_RETENTION_HOURS of events, KAFKA_REPLICATION (copies)."""

    servers: str = Field(default="", validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    partitions: int = Field(default=6, ge=1, le=1000, validation_alias="KAFKA_PARTITIONS")
    retention_hours: int = Field(default=168, ge=1, validation_alias="KAFKA_RETENTION_HOURS")
    replication: int = Field(default=1, ge=1, le=10, validation_alias="KAFKA_REPLICATION")


async def create(
    settings: TopicSettings, topics: Iterable[str], say: Callable[[str], None], security: ClientOptions = IN_THE_CLEAR
) -> None:
    """Makes the topics that are missing, and gives all of them the settings that may change while they are used.

    Each name is that of the partners' topic, beside which there is the internal one. The number of partitions of an
    existing topic stays: a key would move, and its events be out of order for a while.
    Raises SettingsError with one line where the broker cannot be reached or refuses.
    """
    if not settings.servers:
        raise SettingsError("KAFKA_BOOTSTRAP_SERVERS: needed here")
    names = sorted(name for topic in topics for name in (topic, internal(topic)))
    wanted = [_topic(settings, name, settings.retention_hours) for name in names]
    wanted.append(_topic(settings, HINTS, HINTS_RETENTION_HOURS))
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.servers, request_timeout_ms=10_000, **security)
    try:
        await _reach(admin, settings.servers)
        await _create(admin, wanted, say)
        await _configure(admin, wanted)
    except (KafkaError, TimeoutError) as error:
        raise SettingsError(f"KAFKA_BOOTSTRAP_SERVERS: {settings.servers}: {error!r}") from None
    finally:
        await admin.close()


def _topic(settings: TopicSettings, name: str, hours: int) -> NewTopic:
    partitions = 1 if name == HINTS else settings.partitions
    in_sync = 2 if settings.replication > 2 else 1
    config = {"retention.ms": str(hours * 3_600_000), "min.insync.replicas": str(in_sync)}
    return NewTopic(name, partitions, settings.replication, topic_configs=config)


async def _reach(admin: AIOKafkaAdminClient, servers: str) -> None:
    """A broker that is just starting gets its time."""
    end = asyncio.get_running_loop().time() + REACH_SECONDS
    while True:
        try:
            async with asyncio.timeout(REACH_SECONDS):
                return await admin.start()  # type: ignore[no-any-return]  # aiokafka has no types
        except (KafkaError, TimeoutError, OSError):
            if asyncio.get_running_loop().time() > end:
                raise SettingsError(f"KAFKA_BOOTSTRAP_SERVERS: no broker answers at {servers}") from None
            await asyncio.sleep(0.5)


async def _create(admin: AIOKafkaAdminClient, wanted: list[NewTopic], say: Callable[[str], None]) -> None:
    there = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    for topic in wanted:
        found = there.get(topic.name)
        if found not in {None, topic.num_partitions}:
            say(f"topic {topic.name}: keeps its {found} partitions, so that its order is kept")
    missing = [topic for topic in wanted if topic.name not in there]
    if not missing:
        return
    answer = await admin.create_topics(missing)
    for name, code, *reason in answer.topic_errors:
        if code not in {0, EXISTS}:
            raise SettingsError(f"topic {name} cannot be made: {for_code(code).__name__} {' '.join(map(str, reason))}")
        say(f"topic {name}: {'was there' if code else 'made'}")


async def _configure(admin: AIOKafkaAdminClient, wanted: list[NewTopic]) -> None:
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name, topic.topic_configs) for topic in wanted]
    for answer in await admin.alter_configs(resources):
        for code, reason, _, name in answer.resources:
            if code:
                raise SettingsError(f"topic {name} cannot be configured: {for_code(code).__name__} {reason}")
