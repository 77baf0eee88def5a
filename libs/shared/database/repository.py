"""What all repositories have in common."""

from typing import TypeVar

from shared.database.session import Session
from shared.errors import NotFound

Row = TypeVar("Row")


class Repository:
    """The SQL of one noun, run in one session and in its transaction, if it has one."""

    def __init__(self, session: Session) -> None:
        """Commits nothing itself."""
        self.session = session


def found(row: Row | None, noun: str = "object") -> Row:
    """The row; raises NotFound where there is none, or none that the caller may see."""
    if row is None:
        raise NotFound(f"There is no such {noun}.")
    return row
