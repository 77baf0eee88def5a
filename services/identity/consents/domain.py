"""Rules of consents."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal

ScopeKind = Literal["practitioner_id", "booking_id", "post_id"]


class Decision(StrEnum):
    """What a person says about a document; no record means no."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def pending(required: Mapping[str, int], given: Iterable[tuple[str, int]]) -> list[str]:
    """The required purposes whose version in force was not given; `given` are purposes with their versions."""
    agreed = set(given)
    return sorted(purpose for purpose, version in required.items() if (purpose, version) not in agreed)
