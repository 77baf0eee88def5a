"""One broker for everybody on this machine who asks for it at the same time: the test processes of a run."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

from devtools.kafka.broker import Broker, LocalBroker, own
from devtools.kafka.container import Container
from devtools.kafka.jars import locked
from devtools.kafka.one_node import speaks_kafka


@contextmanager
def shared_broker(folder: Path, env: Mapping[str, str]) -> Iterator[str]:
    """The servers of one broker for all who ask for this folder at the same time; the last to leave stops it."""
    folder.mkdir(parents=True, exist_ok=True)
    if servers := env.get("KAFKA_BOOTSTRAP_SERVERS"):
        yield servers
        return
    with locked(folder / "lock"):
        state = _join(folder, env)
    try:
        yield str(state["servers"])
    finally:
        with locked(folder / "lock"):
            _leave(folder)


def _join(folder: Path, env: Mapping[str, str]) -> dict[str, Any]:
    state = _state(folder)
    if not state or not speaks_kafka(*_host_and_port(str(state["servers"]))):
        shutil.rmtree(folder / "broker", ignore_errors=True)
        broker = own(folder / "broker", env)
        broker.start()
        state = {"servers": broker.servers, "holders": [], "broker": _handle(broker)}
    state["holders"] = [*_alive(state["holders"]), os.getpid()]
    (folder / "state.json").write_text(json.dumps(state))
    return state


def _leave(folder: Path) -> None:
    state = _state(folder)
    state["holders"] = [pid for pid in _alive(state["holders"]) if pid != os.getpid()]
    (folder / "state.json").write_text(json.dumps(state))
    if not state["holders"]:
        _end_handle(state["broker"])
        (folder / "state.json").unlink()


def _state(folder: Path) -> dict[str, Any]:
    path = folder / "state.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _alive(holders: list[int]) -> list[int]:
    return [pid for pid in holders if psutil.pid_exists(pid)]


def _handle(broker: Broker) -> dict[str, Any]:
    """What another process needs to end it."""
    if isinstance(broker, LocalBroker):
        return {"pid": broker.give_away()}
    assert isinstance(broker, Container)
    return {"container": broker.id}


def _end_handle(handle: Mapping[str, Any]) -> None:
    if "pid" in handle:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(handle["pid"])
            process.kill()
            with suppress(psutil.TimeoutExpired):
                process.wait(5)
    else:
        import_module("docker").from_env().containers.get(handle["container"]).remove(force=True, v=True)


def _host_and_port(servers: str) -> tuple[str, int]:
    host, port = servers.split(",", 1)[0].rsplit(":", 1)
    return host, int(port)
