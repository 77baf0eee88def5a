"""The migrations of a service are one chain: each file has a revision of its own, and follows another one's."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from estuary.services import SERVICES, migrations

LINE = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)
Revisions = dict[str, tuple[str | None, str | None]]
"""By the file's name: its revision, and the one before."""


def revisions_in(folder: Path) -> Revisions:
    found = {file.name: dict(LINE.findall(file.read_text())) for file in folder.glob("*.py")}
    return {name: (lines.get("revision"), lines.get("down_revision") or None) for name, lines in found.items()}


def faults_of(service: str, revisions: Revisions) -> Iterator[str]:
    """What keeps these from being one chain, in words."""
    for name, (revision, _) in sorted(revisions.items()):
        if revision != f"{service}_{name[:4]}":
            yield f"{name} has the revision {revision}"
    own, before = zip(*revisions.values(), strict=True)
    yield from (f"{revision} is the revision of {times} files" for revision, times in Counter(own).items() if times > 1)
    yield from (f"{times} migrations follow {one}" for one, times in Counter(before).items() if times > 1)
    yield from (
        f"{name} follows {one}, which is none" for name, (_, one) in revisions.items() if one not in {*own, None}
    )


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrations_of_a_service_are_one_chain(service: str):
    revisions = revisions_in(migrations(service))
    assert revisions
    assert list(faults_of(service, revisions)) == []


START: Revisions = {"0001_start.py": ("booking_0001", None), "0002_terms.py": ("booking_0002", "booking_0001")}


@pytest.mark.parametrize(
    ("added", "faults"),
    [
        ({}, []),
        (
            {"0002_names.py": ("booking_0002", "booking_0001")},
            ["booking_0002 is the revision of 2 files", "2 migrations follow booking_0001"],
        ),
        ({"0003_names.py": ("booking_0003", "booking_0001")}, ["2 migrations follow booking_0001"]),
        ({"0003_names.py": ("booking_0003", None)}, ["2 migrations follow None"]),
        ({"0003_names.py": ("booking_0003", "booking_0004")}, ["0003_names.py follows booking_0004, which is none"]),
        ({"0003_names.py": ("booking_0030", "booking_0002")}, ["0003_names.py has the revision booking_0030"]),
    ],
)
def test_what_is_no_chain_is_found(added: Revisions, faults: list[str]):
    assert list(faults_of("booking", {**START, **added})) == faults
