"""What a provider remembers: codes, tokens, and who has consented before. Times are machine time."""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import orjson
from sqlalchemy import text

from shared.database.session import Database
from shared.records.clock import machine_now

Data = dict[str, Any]


class Grants:
    """Of one provider."""

    def __init__(self, db: Database, provider: str) -> None:
        """On the sandbox's database."""
        self._db, self._provider = db, provider

    async def add(self, kind: str, data: Data, life: timedelta) -> str:
        """A new code or token that stands for that; `data` has at least `sub`."""
        token, now = token_urlsafe(32), machine_now()
        values = {"id": token, "kind": kind, "data": orjson.dumps(data).decode(), "expires_at": now + life}
        async with self._db.transaction() as session:
            await session.execute(FORGET_OLD, {"now": now})
            await session.execute(ADD, {**values, "provider": self._provider})
        return token

    async def find(self, kind: str, token: str) -> Data | None:
        """What it stands for; None where it does not exist or has expired."""
        async with self._db.read() as session:
            return _read(await session.scalar(FIND, self._named(kind, token)))

    async def take(self, kind: str, token: str) -> Data | None:
        """The same, and it is used up: of many uses at once one succeeds."""
        async with self._db.autocommit() as session:
            return _read(await session.scalar(TAKE, self._named(kind, token)))

    async def revoke(self, token: str) -> bool:
        """Ends everything that the person of that token has granted, and forgets that they consented."""
        async with self._db.transaction() as session:
            values = {"provider": self._provider, "id": token}
            sub = await session.scalar(SUBJECT, values)
            if sub is None:
                return False
            for statement in (REVOKE, FORGET_CONSENT):
                await session.execute(statement, {"provider": self._provider, "sub": sub})
        return True

    async def consents_first(self, sub: str) -> bool:
        """Notes the consent; whether it is the first one of that person."""
        async with self._db.autocommit() as session:
            return await session.scalar(CONSENT, {"provider": self._provider, "sub": sub}) is not None

    def _named(self, kind: str, token: str) -> Data:
        return {"provider": self._provider, "kind": kind, "id": token, "now": machine_now()}


def _read(stored: str | None) -> Data | None:
    return None if stored is None else dict(orjson.loads(stored))


ADD = text(
    """
    insert into oidc_grants (id, provider, kind, data, expires_at)
    values (:id, :provider, :kind, cast(cast(:data as text) as jsonb), :expires_at)
    """
)
FIND = text(
    "select data::text from oidc_grants where provider = :provider and kind = :kind and id = :id and expires_at > :now"
)
TAKE = text(
    """
    delete from oidc_grants where provider = :provider and kind = :kind and id = :id and expires_at > :now
    returning data::text
    """
)
SUBJECT = text("select data->>'sub' from oidc_grants where provider = :provider and id = :id and kind <> 'code'")
REVOKE = text("delete from oidc_grants where provider = :provider and data->>'sub' = :sub")
FORGET_OLD = text("delete from oidc_grants where expires_at <= :now")
CONSENT = text(
    "insert into oidc_consents (provider, sub) values (:provider, :sub) on conflict do nothing returning sub"
)
FORGET_CONSENT = text("delete from oidc_consents where provider = :provider and sub = :sub")
