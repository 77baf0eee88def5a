"""Calls to identity."""

from uuid import UUID

from shared.peers import Peers


async def staff_user_ids(peers: Peers) -> list[UUID]:
    """The accounts of staff that are in use; raises Unavailable."""
    answer = await peers.get("identity", "/internal/staff/")
    return [UUID(user_id) for user_id in answer["user_ids"]]
