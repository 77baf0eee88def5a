"""Calls to identity and catalog."""

from typing import Any
from uuid import UUID

from shared.internal.catalog import PRACTITIONER_OF_USER
from shared.internal.identity import USER
from shared.peers import Peers


async def fetch_user(peers: Peers, user_id: UUID) -> dict[str, Any]:
    """Address, names and zone of a user; raises NotFound, or Unavailable."""
    user = await peers.ask(USER, user_id=user_id)
    return user.model_dump(include={"email", "first_name", "last_name", "timezone"})


async def fetch_profile(peers: Peers, user_id: UUID) -> dict[str, Any]:
    """Display name and version of that user's profile as a practitioner; raises NotFound, or Unavailable."""
    profile = await peers.ask(PRACTITIONER_OF_USER, user_id=user_id)
    return profile.model_dump(include={"display_name", "version"})
