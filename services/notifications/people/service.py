"""Fetches people of whom no event has arrived yet. Neither function may be called inside a transaction."""

from uuid import UUID

from services.notifications.people.peers import fetch_profile, fetch_user
from services.notifications.people.repository import People
from shared.database.erasure import may_store
from shared.database.session import Database
from shared.peers import Peers


async def fetch_missing_person(db: Database, peers: Peers, user_id: UUID) -> None:
    """Asks identity and stores the answer; raises NotFound, or Unavailable."""
    user = await fetch_user(peers, user_id)
    async with db.transaction() as session:
        if await may_store(session, user_id):
            await People(session).add_if_unknown(user_id=user_id, **user)


async def fetch_missing_practitioner(db: Database, peers: Peers, user_id: UUID) -> None:
    """Asks catalog for the name of that user's profile, and stores it; as `fetch_missing_person`."""
    profile = await fetch_profile(peers, user_id)
    async with db.transaction() as session:
        if await may_store(session, user_id):
            await People(session).put_practitioner(user_id=user_id, **profile)
