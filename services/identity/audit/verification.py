"""Walks the chain of an audit log, stretch by stretch, and compares it with the heads that were published."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from services.identity.audit.domain import Verification
from shared.database.audit_chain import Position, Walked, start_of

Walk = Callable[[Position, int], Awaitable[Walked]]
STRETCH = 2000
"""So many rows are asked for at once."""
REWRITTEN = "the chain was written anew: it had another hash when it was sealed"
CUT = "the rows from here to the end are missing"


async def verify(service: str, heads: Sequence[Position], walk: Walk) -> Verification:
    """Checks the whole log of that service; `heads` were read before, so that each of them is in it.

    `walk(after, limit)` checks the rows that follow a place.
    """
    place, redacted = start_of(service), 0
    while True:
        part = await walk(place, STRETCH)
        redacted += part.erased
        wrong = _first_wrong(heads, place.number, part.hashes)
        place = _end_of(place, part)
        if wrong is not None:
            return _found(service, place, redacted, wrong, REWRITTEN)
        if part.broken_at is not None:
            return _found(service, place, redacted, part.broken_at, part.fault)
        if len(part.hashes) < STRETCH:
            break
    cut = _missing_after(heads, place.number)
    return _found(service, place, redacted, cut, CUT if cut else "")


def _end_of(place: Position, part: Walked) -> Position:
    return Position(place.number + len(part.hashes), part.hashes[-1]) if part.hashes else place


def _found(service: str, place: Position, redacted: int, broken_at: int | None, fault: str) -> Verification:
    head = place.hash.hex() if place.number else None
    return Verification(service, place.number, redacted, head, broken_at, fault)


def _first_wrong(heads: Iterable[Position], after: int, hashes: Sequence[bytes]) -> int | None:
    """The number of the first head that is not in the stretch of hashes which follows that number."""
    within = (head for head in heads if after < head.number <= after + len(hashes))
    return min((head.number for head in within if hashes[head.number - after - 1] != head.hash), default=None)


def _missing_after(heads: Iterable[Position], last: int) -> int | None:
    """The number of the first row that is gone from the end of a chain whose last one is that."""
    return last + 1 if max((head.number for head in heads), default=0) > last else None
