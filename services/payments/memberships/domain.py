"""What a membership grants for a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one bill grants. Credits, and up to which price a session pays a seat, are minor units."""

    credits: int
    sessions: int
    session_value: int

    @classmethod
    def of(cls, features: Mapping[str, Any]) -> Self:
        """What the features of a plan grant for a whole period."""
        return cls(features["credits"]["amount"], features["sessions"], features["session_value"]["amount"])

    def beyond(self, old: Self, left: timedelta, of: timedelta, *, begins: bool) -> Self:
        """What a change from that allowance adds with `left` of the period left: both for what is left, or this one
        whole where its period begins. Down, and nothing where it is less."""
        mine, whole = (of if begins else left) // TICK, of // TICK
        theirs = left // TICK

        def added(new: int, before: int) -> int:
            return max((new * mine - before * theirs) // whole, 0)

        credits, sessions = added(self.credits, old.credits), added(self.sessions, old.sessions)
        return type(self)(credits, sessions, self.session_value)
