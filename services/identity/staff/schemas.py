"""Bodies of staff's acts on accounts."""

from typing import Annotated
from uuid import UUID

from pydantic import StrictBool, StringConstraints

from shared.web.http import Body, LongText, UtcTime, View


class Deactivation(Body):
    """`erase`: the person asked for erasure, which begins once nothing of theirs is open any more."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)] | None = None
    erase: StrictBool = False


class DeactivatedUser(View):
    """The account that has ended."""

    id: UUID
    deactivated_at: UtcTime
