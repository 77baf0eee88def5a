"""The one question to another service: who is this person? For those whose registration has not arrived yet."""

from typing import Any
from uuid import UUID

from services.notifications.repository import People
from shared.db import Database
from shared.peers import Peers


async def learn_person(db: Database, peers: Peers, user_id: UUID) -> None:
    """Asks identity and keeps the answer; raises NotFound, or Unavailable. Not inside a transaction."""
    user = await peers.get("identity", f"/internal/users/{user_id}/")
    known: dict[str, Any] = {name: user[name] for name in ("email", "first_name", "last_name", "timezone")}
    async with db.transaction() as session:
        await People(session).add_if_unknown(user_id=user_id, **known)
