"""Every status has a TRANSITIONS table, and changes in this one place."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from shared.errors import Conflict

State = TypeVar("State", bound=Enum)


class IllegalTransition(Conflict):
    """The step is not in the table; the detail names both states."""

    code = "illegal_transition"


def transition(row: Any, to: State, allowed: Mapping[State, frozenset[State]]) -> None:
    """Moves `row.status` to `to`, or raises IllegalTransition: never a silent no-op. The caller holds the row lock."""
    if to not in allowed[row.status]:
        raise IllegalTransition(f"This cannot go from {row.status.value} to {to.value}.")
    row.status = to
