"""Copies of rows that another service owns. An older event never replaces what a newer one brought."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert

from shared.database.session import Session


async def put(session: Session, model: type[Any], row: Mapping[str, Any]) -> bool:
    """Stores the row under its primary key, and returns whether it did: not where a newer `version` is there.

    The same version again is stored again: the owner's answer has what its event of that version had, or more.
    """
    key = [column.name for column in inspect(model).primary_key]
    added = insert(model).values(row)
    changes = {name: added.excluded[name] for name in row if name not in key}
    not_older = model.version <= added.excluded.version
    written = added.on_conflict_do_update(index_elements=key, set_=changes, where=not_older)
    return await session.scalar(written.returning(model.version)) is not None
