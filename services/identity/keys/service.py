"""Use cases of signing keys."""

from datetime import datetime

from services.identity.keys.domain import published_from
from services.identity.keys.repository import SigningKeys
from shared.database.session import Session


async def published(session: Session, now: datetime) -> list[dict[str, str]]:
    """The public keys that a token in force, or one to come soon, may carry."""
    keys = await SigningKeys(session).list()
    first = published_from([key.signs_from for key in keys], now)
    return [key.public_jwk for key in keys[first:]]
