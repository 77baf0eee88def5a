"""Calls to identity and catalog."""

from typing import Any
from uuid import UUID

from shared.peers import Peers


async def fetch_user(peers: Peers, user_id: UUID) -> dict[str, Any]:
    """Address, names and zone of a user; raises NotFound, or Unavailable."""
    user = await peers.get("identity", f"/internal/users/{user_id}/")
    return {name: user[name] for name in ("email", "first_name", "last_name", "timezone")}


async def fetch_profile(peers: Peers, user_id: UUID) -> dict[str, Any]:
    """Display name and version of that user's profile as a practitioner; raises NotFound, or Unavailable."""
    profile = await peers.get("catalog", f"/internal/practitioners/by-user/{user_id}/")
    return {"display_name": profile["display_name"], "version": profile["version"]}
