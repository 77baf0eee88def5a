"""When an audit log is intact: each row as it was sealed, and each head that was published still in the chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """A place of a chain, as its service published it."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of one log; `broken_at` is the number of the first row that is not as it was sealed."""

    service: str
    rows: int
    redacted: int
    head: str | None
    broken_at: int | None = None
    fault: str = ""


def first_wrong(heads: Iterable[Head], after: int, hashes: Sequence[bytes]) -> int | None:
    """The number of the first head that is not in the stretch of hashes which follows that number."""
    within = (head for head in heads if after < head.number <= after + len(hashes))
    return min((head.number for head in within if hashes[head.number - after - 1] != head.hash), default=None)


def missing_after(heads: Iterable[Head], last: int) -> int | None:
    """The number of the first row that is gone from the end of a chain whose last one is that."""
    return last + 1 if max((head.number for head in heads), default=0) > last else None
