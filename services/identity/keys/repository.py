"""SQL of signing keys."""

from collections.abc import Sequence

from sqlalchemy import func, select

from services.identity.keys.models import SigningKey
from shared.database.repository import Repository


class SigningKeys(Repository):
    """The key pairs that sign access tokens, oldest first."""

    async def list(self) -> Sequence[SigningKey]:
        """All keys by the moment from which they sign."""
        return (await self.session.scalars(select(SigningKey).order_by(SigningKey.signs_from, SigningKey.kid))).all()

    def add(self, key: SigningKey) -> None:
        """Stores a new key with the transaction."""
        self.session.add(key)

    async def remove(self, keys: Sequence[SigningKey]) -> None:
        """Deletes keys that no token in force can carry."""
        for key in keys:
            await self.session.delete(key)

    async def lock(self) -> None:
        """Until the end of the transaction only this one changes the keys."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("identity.signing_keys"))))
