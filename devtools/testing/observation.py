"""What was logged, and which statements were sent, while a block ran."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import structlog
from sqlalchemy import event

from shared.database.session import Database
from shared.observability import logs


@contextmanager
def log_lines() -> Iterator[list[Any]]:
    """What is logged meanwhile, also where a command that ran in this process before has set logging up."""
    with patch.object(logs, "_short_road", None), structlog.testing.capture_logs() as lines:
        yield lines


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """What is sent meanwhile by the ORM, and by all others over the connections that are open and idle now.

    Without BEGIN and COMMIT. What SQLAlchemy prepares asyncpg does not log, so both are asked.
    """
    seen: list[str] = []

    def note_driver(query: Any) -> None:
        if query.query not in ("BEGIN", "COMMIT", "ROLLBACK"):
            seen.append(query.query)

    def note_orm(*given: Any) -> None:
        if not given[-1]:  # executemany, which the driver logs
            seen.append(given[2])

    drivers = [pooled.driver for pooled in db.connections.idle]
    for driver in drivers:
        driver.add_query_logger(note_driver)
    event.listen(db.engine.sync_engine, "before_cursor_execute", note_orm)
    try:
        yield seen
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note_orm)
        for driver in drivers:
            driver.remove_query_logger(note_driver)
