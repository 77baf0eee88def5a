"""The keys that sign ID tokens: made at the first start, one of each provider."""

import asyncio
from collections.abc import Mapping

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey
from sqlalchemy import text

from shared.database.session import Database

ALGORITHMS = {"google": "RS256", "apple": "RS256", "acme": "ES256"}


class SigningKey:
    """A key pair and its algorithm."""

    def __init__(self, key: Key, algorithm: str) -> None:
        """`key` has a `kid`."""
        self._key, self.algorithm = key, algorithm

    def published(self) -> dict[str, object]:
        """The JWKS."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "use": "sig", "alg": self.algorithm}]}

    def sign(self, claims: Mapping[str, object]) -> str:
        """A JWT with these claims."""
        header = {"alg": self.algorithm, "kid": self._key.kid}
        return jwt.encode(header, dict(claims), self._key, algorithms=[self.algorithm])


async def stored_keys(db: Database) -> dict[str, SigningKey]:
    """Each provider's key, the same after a restart."""
    async with db.read() as session:
        stored = await session.scalar(FIND)
    if stored is None:
        made = await asyncio.to_thread(_made)
        async with db.autocommit() as session:
            await session.execute(STORE, {"value": orjson.dumps(made).decode()})
        async with db.read() as session:
            stored = await session.scalar(FIND)
    return {name: SigningKey(_read(name, data), ALGORITHMS[name]) for name, data in orjson.loads(stored).items()}


def _made() -> dict[str, object]:
    return {name: _new(algorithm).as_dict(private=True) for name, algorithm in ALGORITHMS.items()}


def _new(algorithm: str) -> Key:
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", auto_kid=True)
    return RSAKey.generate_key(2048, auto_kid=True)


def _read(name: str, data: dict[str, str | list[str]]) -> Key:
    return (ECKey if ALGORITHMS[name] == "ES256" else RSAKey).import_key(data)


FIND = text("select value::text from settings where name = 'oidc_keys'")
STORE = text(
    """
    insert into settings (name, value) values ('oidc_keys', cast(cast(:value as text) as jsonb))
    on conflict (name) do nothing
    """
)
