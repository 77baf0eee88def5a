"""The W3C trace context of what runs now: from the gateway through peers, outbox, bus and handlers."""

import os
import random
import re
from contextvars import ContextVar

_FORM = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
# Ids have to be different, not secret: asking the system for each was dearer than all else that happens here.
_random = random.Random()  # seeded by the system, once for each process
os.register_at_fork(after_in_child=_random.seed)
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def begin(traceparent: str | None = None) -> str:
    """Continues that trace, or begins a new one where it is absent or malformed; returns the traceparent."""
    if traceparent is None or not _FORM.match(traceparent):
        digits = f"{_random.getrandbits(192):048x}"
        traceparent = f"00-{digits[:32]}-{digits[32:]}-01"
    _current.set(traceparent)
    return traceparent


def resume(traceparent: str | None) -> None:
    """Goes on in exactly that trace, at that place of it."""
    _current.set(traceparent)


def traceparent() -> str | None:
    """The header value to hand on, or None outside any trace."""
    return _current.get()


def trace_id() -> str | None:
    """The 32 hex digits that a client quotes to support."""
    current = _current.get()
    return current.split("-")[1] if current else None
