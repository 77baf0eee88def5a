"""Rules of consents."""

from enum import StrEnum
from typing import Literal

ScopeKind = Literal["practitioner_id", "booking_id", "post_id"]


class Decision(StrEnum):
    """What a person says about a document; no record means no."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
