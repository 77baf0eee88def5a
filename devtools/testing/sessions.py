"""A Database that looks at what is done in each of its sessions: who only reads writes nothing, and the reverse."""

import os
import re
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from shared.database.session import Database, Session

ROOT = Path(__file__).parents[2]
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK")
WRITES = re.compile(
    r"^\s*(?:insert|update|delete|merge|truncate)\b"
    r"|\b(?:insert\s+into|delete\s+from|update\s+[\w.\"]+\s+(?:as\s+\w+\s+)?set)\b"
    r"|\b(?:ledger_post|erase_audit|erase_audit_words|nextval)\s*\(",
    re.IGNORECASE,
)
LOCKS = re.compile(r"\bfor\s+(?:no\s+key\s+update|update|key\s+share|share)\b|\bpg_advisory|^\s*lock\b", re.IGNORECASE)


@dataclass
class Sent:
    """The statements of one session."""

    statements: list[str] = field(default_factory=list)

    @property
    def writing(self) -> list[str]:
        """Those that change rows."""
        return [one for one in self.statements if WRITES.search(one)]

    @property
    def locking(self) -> list[str]:
        """Those that hold something until the commit."""
        return [one for one in self.statements if LOCKS.search(one)]


READS, ONE_WRITE = "only reads: db.read()", "is one statement that writes: db.autocommit()"
misuses: set[str] = set()
uses: dict[str, set[str]] = defaultdict(set)
"""Where transactions are begun, as `file:line`: what else each of them might have been, "" for nothing."""


class WatchedDatabase(Database):
    """For tests. A session of `read` that writes or locks, or changes an object, is noted; so is one of `autocommit`
    unless just one statement writes. With ESTUARY_STRICT_SESSIONS=1 both fail. Needless transactions are noted."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """As the Database does."""
        async with _looked_at(super().read()) as (session, sent):
            yield session
        wrong = sent.writing + sent.locking
        if wrong:
            _complain(f"db.read() for what writes or locks: {wrong}")

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[Session]:
        """As the Database does."""
        async with _looked_at(super().autocommit()) as (session, sent):
            yield session
        changing = len(sent.writing)
        if changing > 1 or (sent.statements and not changing):
            _complain(f"db.autocommit() for other than one statement that writes: {sent.statements}")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """As the Database does."""
        place = _beginner()
        async with super().transaction() as session:
            with sent_by(session) as sent:
                yield session
            orm = session.sync_session
            objects = bool(session.events or orm.new or orm.dirty or orm.deleted)
        if sent.statements or objects:
            uses[place].add(_what_would_do(sent, objects=objects))


@asynccontextmanager
async def _looked_at(opened: AbstractAsyncContextManager[Session]) -> AsyncIterator[tuple[Session, Sent]]:
    """A session without a transaction, and what it sent."""
    async with opened as session:
        with sent_by(session) as sent:
            yield session, sent
        _demand_nothing_unsaved(session)


def _what_would_do(sent: Sent, *, objects: bool) -> str:
    if objects or sent.locking or len(sent.statements) > len(sent.writing) > 0:
        return ""
    return {0: READS, 1: ONE_WRITE}.get(len(sent.writing), "")


@contextmanager
def sent_by(session: Session) -> Iterator[Sent]:
    """What goes over that session's connection meanwhile."""
    sent, driver = Sent(), session.pooled.driver
    connection: Any = session.pooled.connection.sync_connection

    def note_driver(query: Any) -> None:
        if query.query not in CONTROL:
            sent.statements.append(query.query)

    def note_orm(*given: Any) -> None:
        if not given[-1]:  # executemany, which the driver logs
            sent.statements.append(given[2])

    driver.add_query_logger(note_driver)
    event.listen(connection, "before_cursor_execute", note_orm)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note_orm)
        driver.remove_query_logger(note_driver)


def needless_transactions() -> list[str]:
    """Where every transaction so far might have been the same other thing."""
    return sorted(f"{place} {next(iter(found))}" for place, found in uses.items() if found in ({READS}, {ONE_WRITE}))


def _demand_nothing_unsaved(session: Session) -> None:
    orm = session.sync_session
    if unsaved := [*orm.new, *orm.dirty, *orm.deleted, *session.events, *session.calls_after_commit]:
        _complain(f"a session without a transaction stores no objects, sends no events, wakes nobody: {unsaved}")


def _complain(what: str) -> None:
    misuses.add(" ".join(what.split())[:500])
    if os.environ.get("ESTUARY_STRICT_SESSIONS") == "1":
        raise AssertionError(what)


def _beginner() -> str:
    """The line of the product that began the transaction."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(str(ROOT)) and "/.venv/" not in path and not path.endswith(("session.py", "sessions.py")):
            return f"{Path(path).relative_to(ROOT)}:{frame.f_lineno}"
        frame = frame.f_back
    return "unknown"
