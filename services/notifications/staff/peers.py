"""Calls to identity."""

from uuid import UUID

from shared.internal.identity import STAFF
from shared.peers import Peers


async def staff_user_ids(peers: Peers) -> list[UUID]:
    """The accounts of staff that are in use; raises Unavailable."""
    return (await peers.ask(STAFF)).user_ids
