"""Reading an audit log: what staff look for in it, newest first or in the order of ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from shared.database.session import Session


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What an entry has to be; None for whatever it is. `since` is inclusive, `until` exclusive."""

    actor_id: UUID | None = None
    subject_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None


class AuditEntries:
    """The rows of one schema's audit log."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session, self._table = session, session.system_tables.audit

    async def list(self, wanted: AuditFilter, limit: int, *, oldest_first: bool = False) -> tuple[Sequence[Any], int]:
        """The first entries by time, and how many there are."""
        time, id_ = self._table.c.created_at, self._table.c.id
        order = (time, id_) if oldest_first else (time.desc(), id_.desc())
        those = select(self._table).where(*self._conditions(wanted))
        rows = (await self.session.execute(those.order_by(*order).limit(limit))).all()
        total = await self.session.scalar(select(func.count()).select_from(those.subquery()))
        return rows, total or 0

    async def page(self, wanted: AuditFilter, after: UUID | None, limit: int) -> Sequence[Any]:
        """The entries whose ids follow that one (None: the first ones), by id."""
        id_ = self._table.c.id
        query = select(self._table).where(*self._conditions(wanted)).order_by(id_).limit(limit)
        return (await self.session.execute(query if after is None else query.where(id_ > after))).all()

    async def find(self, entry_id: UUID) -> Any | None:
        """That entry."""
        return (await self.session.execute(select(self._table).where(self._table.c.id == entry_id))).one_or_none()

    def _conditions(self, wanted: AuditFilter) -> Sequence[ColumnElement[bool]]:
        columns = self._table.c
        found = [
            columns[name] == value
            for name in ("actor_id", "subject_id", "action")
            if (value := getattr(wanted, name)) is not None
        ]
        found += [] if wanted.since is None else [columns.created_at >= wanted.since]
        found += [] if wanted.until is None else [columns.created_at < wanted.until]
        if wanted.search is not None:
            texts = (columns.action, columns.reason, cast(columns.before, Text), cast(columns.after, Text))
            found.append(or_(*(one.icontains(wanted.search, autoescape=True) for one in texts)))
        return found
