"""Use cases of signing keys."""

from collections.abc import Sequence
from datetime import datetime

from services.identity.keys.domain import Algorithm, published_from
from services.identity.keys.models import SigningKey
from services.identity.keys.repository import SigningKeys
from shared.database.session import Session


async def published(session: Session, now: datetime) -> list[dict[str, str]]:
    """The public keys that a token in force, or one to come soon, may carry."""
    keys = await SigningKeys(session).list()
    return [key.public_jwk for algorithm in Algorithm for key in _in_use(keys, algorithm, now)]


def _in_use(keys: Sequence[SigningKey], algorithm: Algorithm, now: datetime) -> Sequence[SigningKey]:
    own = [key for key in keys if key.algorithm is algorithm]
    return own[published_from([key.signs_from for key in own], now) :]
