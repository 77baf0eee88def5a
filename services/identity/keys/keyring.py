"""Which key signs: stored keys are sealed, the first one is made when needed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import ECKey, RSAKey

from services.identity.keys.domain import KEY_OVERLAP, Algorithm, published_from, signing_key_at
from services.identity.keys.models import SigningKey
from services.identity.keys.repository import SigningKeys
from shared.auth.token_signing import new_key
from shared.database.sealing import Sealing
from shared.database.session import Database, Session
from shared.records.clock import machine_now
from shared.records.sealing import NotOpened

# Well below KEY_OVERLAP, so that every process has read a new key before it is to sign with it.
REREAD_EVERY = timedelta(minutes=1)
RSA_BITS = 3072
"""As strong as 128 bits (NIST SP 800-57)."""
Pair = ECKey | RSAKey


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF-SHA256), so that no two uses share a key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


@dataclass(frozen=True)
class Signer:
    """A private key that may sign from that moment of machine time on."""

    key: Pair
    algorithm: Algorithm
    signs_from: datetime


class Keyring:
    """The signing keys of this install."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing
        self._signers: list[Signer] = []
        self._opened: dict[str, Pair] = {}
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def signer(self, db: Database) -> ECKey:
        """The key that signs access tokens now. Opens a transaction of its own only once a minute."""
        return cast(ECKey, await self.signer_by(db, Algorithm.ES256))

    async def signer_by(self, db: Database, algorithm: Algorithm) -> Pair:
        """The key that signs by that algorithm now; the first is made when it is needed."""
        if self._lacks(algorithm):
            async with self._reading:
                if self._lacks(algorithm):  # of many at once the first one reads for all
                    await self._read(db, algorithm)
        own = [signer for signer in self._signers if signer.algorithm is algorithm]
        # The time of now: a request that began beside this one may have made the first key after `now`.
        return own[signing_key_at([signer.signs_from for signer in own], machine_now())].key

    def _lacks(self, algorithm: Algorithm) -> bool:
        now = machine_now()
        is_old = self._read_at is None or now - self._read_at >= REREAD_EVERY
        return is_old or not _started(self._signers, algorithm, now)

    async def _read(self, db: Database, algorithm: Algorithm) -> None:
        now = machine_now()
        await self._sealing.load(db)
        async with db.transaction() as session:
            self._signers = await self._ensured(session, algorithm, now)
        self._read_at = now

    async def rotate(self, session: Session, now: datetime, algorithm: Algorithm = Algorithm.ES256) -> None:
        """Publishes a new key now that signs after the overlap."""
        await self._make(session, algorithm, now + KEY_OVERLAP)
        await session.flush()

    async def rotate_if_older(self, db: Database, age: timedelta, now: datetime) -> int:
        """Rotates when the newest key has signed that long, drops what is past use; returns how many keys changed."""
        await self._sealing.load(db)
        async with db.transaction() as session:
            await SigningKeys(session).lock()
            return sum([await self._rotated(session, algorithm, age, now) for algorithm in Algorithm])

    async def _rotated(self, session: Session, algorithm: Algorithm, age: timedelta, now: datetime) -> int:
        keys = [key for key in await SigningKeys(session).list() if key.algorithm is algorithm]
        if not keys:
            return 0
        dropped = keys[: published_from([key.signs_from for key in keys], now)]
        await SigningKeys(session).remove(dropped)
        due = now - keys[-1].signs_from >= age
        if due:
            await self.rotate(session, now, algorithm)
        return len(dropped) + due

    async def _ensured(self, session: Session, algorithm: Algorithm, now: datetime) -> list[Signer]:
        signers = await self._decryptable(session)
        if _started(signers, algorithm, now):
            return signers
        await SigningKeys(session).lock()
        now, signers = machine_now(), await self._decryptable(session)  # a key may have been made while this waited
        if _started(signers, algorithm, now):
            return signers
        return sorted([*signers, await self._make(session, algorithm, now)], key=lambda signer: signer.signs_from)

    async def _decryptable(self, session: Session) -> list[Signer]:
        decrypted = [(await self._decrypt(row), row) for row in await SigningKeys(session).list()]
        return [Signer(key, row.algorithm, row.signs_from) for key, row in decrypted if key is not None]

    async def _decrypt(self, row: SigningKey) -> Pair | None:
        if row.kid in self._opened:
            return self._opened[row.kid]
        try:
            pem = self._sealing.open(row.private_key, SigningKey.private_key, row.kid)
        except NotOpened:
            # Sealed under a key that is lost, or by an earlier release: its public half stays published, but it signs
            # no more.
            return None
        import_key: Callable[..., Pair] = (ECKey if row.algorithm is Algorithm.ES256 else RSAKey).import_key
        options = {"kid": row.kid, "use": "sig", "alg": row.algorithm.value}
        # A tenth of a second for RSA: reading one tests its primes.
        self._opened[row.kid] = await asyncio.to_thread(import_key, pem, options)
        return self._opened[row.kid]

    async def _make(self, session: Session, algorithm: Algorithm, signs_from: datetime) -> Signer:
        key = new_key() if algorithm is Algorithm.ES256 else await asyncio.to_thread(_new_rsa_key)
        row = SigningKey(
            kid=key.kid,
            algorithm=algorithm,
            public_jwk=key.as_dict(private=False),
            private_key=self._sealing.seal(key.as_pem(private=True), SigningKey.private_key, key.kid),
            signs_from=signs_from,
        )
        SigningKeys(session).add(row)
        return Signer(key, algorithm, signs_from)


def _new_rsa_key() -> RSAKey:
    return RSAKey.generate_key(RSA_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)


def _started(signers: list[Signer], algorithm: Algorithm, now: datetime) -> bool:
    return any(signer.algorithm is algorithm and signer.signs_from <= now for signer in signers)
