"""Ids: UUIDv7 for new rows, UUIDv5 for what is derived from another row."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID, uuid5

NIL_UUID = UUID(int=0)
_last = 0


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by creation within one process, to the millisecond across processes."""
    global _last
    # 48 bits of milliseconds and 12 of a fraction of one, kept increasing within the process.
    stamp = time.time_ns() * 4096 // 1_000_000  # arch: allow machine-time: ids carry machine time on purpose
    _last = stamp = max(stamp, _last + 1)
    tail = int.from_bytes(os.urandom(8)) & (2**62 - 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail
    return UUID(int=value)


def moment_of(made: UUID) -> datetime:
    """The machine's time, to the millisecond, at which `new_id` made that id."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def least_id_at(moment: datetime) -> UUID:
    """The least of the ids that `new_id` makes in that millisecond of the machine's time: older ones are less."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def derived_id(base: UUID, *parts: str) -> UUID:
    """The same id for the same base and parts, for ever: what makes a step safe to repeat."""
    return uuid5(base, "/".join(parts))
