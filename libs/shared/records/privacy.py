"""What a service's columns say of people, and what of it stays after an erasure: the form of every `privacy.py`.

A column is personal (it goes with an erasure, by being emptied or with its row), kept (why, and until when), or neither
(it tells of nobody). The id of an account names nobody once the account is erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """How one column is held; `why` and `until` belong to what is kept."""

    holding: Literal["personal", "kept", "neither"]
    why: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """The columns of one table. `theirs` is the SQL condition of the rows whose personal columns are the person's.

    `instead`: the SQL of what takes the place of a personal column that cannot be empty. `also`: the condition of other
    rows that are about them too. Both conditions name the account `:person` and, where it has a practitioner,
    `:practitioner`. Without them no row is about a person.
    """

    columns: Mapping[str, ColumnEntry]
    theirs: str = ""
    also: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """The condition of all rows that are about the person; "" where none is."""
        return " or ".join(f"({condition})" for condition in (self.theirs, self.also) if condition)

    def kept(self) -> dict[ColumnEntry, list[str]]:
        """The columns that stay, by reason."""
        found: dict[ColumnEntry, list[str]] = {}
        for name, entry in self.columns.items():
            if entry.holding == "kept":
                found.setdefault(entry, []).append(name)
        return found

    @property
    def personal(self) -> list[str]:
        """The columns that an erasure empties, or whose rows it deletes."""
        return [name for name, entry in self.columns.items() if entry.holding == "personal"]


Register = Mapping[str, TableEntry]
"""By table."""

PERSONAL, NEITHER = ColumnEntry("personal"), ColumnEntry("neither")


def kept(why: str, until: str) -> ColumnEntry:
    """It stays after an erasure, for that reason and so long."""
    return ColumnEntry("kept", why, until)


PSEUDONYM = kept("the id alone: what others have, and what is kept, refers to it", "with the rest of the row")
ACCOUNTS = kept(
    "accounting and tax law: what was sold, paid, refunded and paid out", "10 years from the end of the year"
)
CONTRACT = kept("the other side's record of what was agreed", "10 years from the end of the year")


def table(
    theirs: str = "",
    *,
    also: str = "",
    personal: str = "",
    ids: str = "",
    neither: str = "",
    kept: Mapping[ColumnEntry, str] | None = None,
    instead: Mapping[str, str] | None = None,
) -> TableEntry:
    """A table's entry; columns are given by name with spaces between, `ids` those that are kept as pseudonyms.

    Raises ValueError where a column is named twice.
    """
    groups = [(PERSONAL, personal), (PSEUDONYM, ids), (NEITHER, neither), *(kept or {}).items()]
    named = [(name, entry) for entry, names in groups for name in names.split()]
    columns = dict(named)
    if len(columns) != len(named):
        raise ValueError("a column is named twice")
    return TableEntry(columns, theirs, also, instead or {})
