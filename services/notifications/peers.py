"""The questions to other services: who is this person? For those of whom no event has arrived yet."""

from typing import Any
from uuid import UUID

from services.notifications.people import People
from shared.database.session import Database
from shared.peers import Peers


async def learn_person(db: Database, peers: Peers, user_id: UUID) -> None:
    """Asks identity and keeps the answer; raises NotFound, or Unavailable. Not inside a transaction."""
    user = await peers.get("identity", f"/internal/users/{user_id}/")
    known: dict[str, Any] = {name: user[name] for name in ("email", "first_name", "last_name", "timezone")}
    async with db.transaction() as session:
        await People(session).add_if_unknown(user_id=user_id, **known)


async def learn_practitioner(db: Database, peers: Peers, user_id: UUID) -> None:
    """Asks catalog for the name of that user's profile, and keeps it; as `learn_person`."""
    profile = await peers.get("catalog", f"/internal/practitioners/by-user/{user_id}/")
    known = {"display_name": profile["display_name"], "version": profile["version"]}
    async with db.transaction() as session:
        await People(session).put_practitioner(user_id=user_id, **known)


async def who_is_staff(peers: Peers) -> list[UUID]:
    """The accounts of staff that are in use; raises Unavailable."""
    answer = await peers.get("identity", "/internal/staff/")
    return [UUID(user_id) for user_id in answer["user_ids"]]
