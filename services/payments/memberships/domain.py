"""What a membership grants for a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


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
