"""Every attack for a moment, against the product as it ships: it answers as it should, and keeps no memory of it."""

from collections.abc import Iterator

import pytest

from tests.edge.attacks import ATTACKS
from tests.edge.measure import measured, public_instance
from tests.instance import Instance

SECONDS = 1.5
MOST_MEMORY = 60.0
"""Megabytes: what grows without bound is far above it. `make edge` measures the goal of 20 on a quiet machine."""
ANSWERS = {
    **dict.fromkeys(("nested_token", "long_token", "unknown_keys", "sockets"), frozenset({"401", "429"})),
    **dict.fromkeys(("long_field", "many_fields", "endless_trailers"), frozenset({"431"})),
    **dict.fromkeys(("path_with_signs", "unknown_paths"), frozenset({"404", "429"})),
    **dict.fromkeys(("unknown_fields", "deep_body"), frozenset({"422", "429"})),
    **dict.fromkeys(("documents", "health", "resets"), frozenset({"200"})),
    **dict.fromkeys(("slow_heads", "slow_bodies", "silent"), frozenset[str]()),
    **dict.fromkeys(("tiny_chunks", "chunk_extensions"), frozenset({"400", "503"})),
    "expected_bodies": frozenset({"100"}),
    "long_path": frozenset({"414"}),
    "large_body": frozenset({"413", "429", "503"}),
    "held_bodies": frozenset({"503"}),
    "handshakes_with_bodies": frozenset({"400"}),
    "sign_ins": frozenset({"401", "429", "503"}),
    "many_connections": frozenset({"503", "408"}),
    "pipelined": frozenset({"200", "429"}),
}

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def instance() -> Iterator[tuple[Instance, str]]:
    with public_instance() as found:
        measured(*found, "unknown_paths", SECONDS)  # the first of its kind makes what stays
        yield found


@pytest.mark.parametrize("name", ATTACKS)
def test_is_refused_and_leaves_nothing(instance: tuple[Instance, str], name: str) -> None:
    figures = measured(*instance, name, SECONDS)
    assert set(figures.answers) - {"cut", "nothing"} <= ANSWERS[name]
    assert figures.memory < MOST_MEMORY
