"""`make kafka`: a real Kafka on this machine, in the foreground, for whoever wants to try things."""

import asyncio
import signal
from collections.abc import Mapping

from devtools.kafka.broker import Broker, find
from devtools.kafka.jars import KafkaUnavailable
from estuary.run.terminal import say
from estuary.settings import EstuarySettings
from shared.settings import SettingsError

LOOK_SECONDS = 0.5


async def run(settings: EstuarySettings, env: Mapping[str, str]) -> None:
    """Starts it and waits for Ctrl-C; SettingsError with one line where none can be had, or when it ends by itself."""
    broker = await started(settings, env)
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    say(f"KAFKA_BOOTSTRAP_SERVERS={broker.servers}")
    say("Ctrl-C ends it; the data stay")
    try:
        await _until(stopping, broker)
    finally:
        await asyncio.to_thread(broker.stop)


async def started(settings: EstuarySettings, env: Mapping[str, str]) -> Broker:
    """A broker that answers, with its data under ESTUARY_HOME; SettingsError with one line where there is none."""
    try:
        broker = await asyncio.to_thread(find, settings.home.resolve() / "kafka", env, say)
        await asyncio.to_thread(_start, broker)
    except KafkaUnavailable as error:
        raise SettingsError(str(error)) from None
    return broker


def _start(broker: Broker) -> None:
    try:
        broker.start()
    except BaseException:
        broker.stop()
        raise


async def _until(stopping: asyncio.Event, broker: Broker) -> None:
    while not stopping.is_set():
        if not await asyncio.to_thread(broker.alive):
            raise SettingsError("Kafka has ended by itself")
        try:
            await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue
