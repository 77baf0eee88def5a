"""The operator's commands for what a service seals: wrap its data keys anew, look whether everything opens."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import MetaData

from estuary.run.postgres import open_migrated
from estuary.settings import EstuarySettings, service_environment
from shared.database.migrate import role_of
from shared.database.sealing import DataKeyRow, Sealing
from shared.database.session import Database
from shared.records.clock import SystemClock
from shared.records.sealing import DataKey, NotOpened, Wrapping
from shared.settings import SealingSettings, SettingsError


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a service seals: the table of its data keys, the tables whose columns are looked at, and its settings."""

    rows: type[DataKeyRow]
    metadata: MetaData
    settings: type[SealingSettings]


def _identity() -> Sealed:
    from services.identity.base import Base
    from services.identity.keys.models import DataKey
    from services.identity.settings import IdentitySettings

    return Sealed(DataKey, Base.metadata, IdentitySettings)


SERVICES: Mapping[str, Callable[[], Sealed]] = {"identity": _identity}
"""Services that seal secrets."""


class Target(StrEnum):
    """Where data keys are moved; the names are those of the settings."""

    KEYS = "keys"
    KMS = "kms"


@dataclass(frozen=True)
class Move:
    """Wraps by one and opens what either wrapped: for moving from KEYS to KMS, or back."""

    to: Wrapping
    old: Wrapping

    @property
    def first(self) -> str:
        """That of the new one."""
        return self.to.first

    def wrap(self, key: DataKey) -> bytes:
        """By the new one."""
        return self.to.wrap(key)

    def unwrap(self, key_id: UUID, wrapped: bytes, wrapped_by: str) -> DataKey:
        """By the one that wrapped it; raises NotOpened."""
        try:
            return self.to.unwrap(key_id, wrapped, wrapped_by)
        except NotOpened:
            return self.old.unwrap(key_id, wrapped, wrapped_by)


async def rotate(settings: EstuarySettings, env: Mapping[str, str], service: str, to: Target | None = None) -> None:
    """Wraps the data keys under the first of the service's keys, or moves them between the two settings.

    Raises SettingsError where one cannot be opened.
    """
    sealed, name = SERVICES[service](), service.upper()
    sealing = Sealing(sealed.rows, _wrapping(sealed.settings, service_environment(settings, env), name, to))
    async with _database(settings, service) as db:
        try:
            count = await sealing.rewrap(db)
        except NotOpened:
            given = " and ".join(setting for setting in (f"{name}_KEYS", f"{name}_KMS") if env.get(setting))
            why = f"opens not all data keys of {service}: see `verify`"
            raise SettingsError(f"{given or f'{name}_KEYS'}: {why}") from None
    print(f"{count} data keys of {service} wrapped anew")


def _wrapping(kind: type[SealingSettings], env: Mapping[str, str], name: str, to: Target | None) -> Wrapping:
    if to is None:
        return kind.of(env).wrapping()
    if not env.get(f"{name}_KMS"):
        raise SettingsError(f"{name}_KMS: needed to move data keys, beside {name}_KEYS")
    keys = kind.of({**env, f"{name}_KMS": ""}).wrapping()
    kms = kind.of({**env, f"{name}_KEYS": ""}).wrapping()
    return Move(kms, keys) if to is Target.KMS else Move(keys, kms)


async def verify(settings: EstuarySettings, env: Mapping[str, str], service: str) -> int:
    """Prints a line for each data key and secret that the service's keys do not open; answers how many."""
    sealed = SERVICES[service]()
    sealing = Sealing(sealed.rows, sealed.settings.of(service_environment(settings, env)).wrapping())
    async with _database(settings, service) as db:
        await sealing.load(db)
        async with db.read() as session:
            unopened = await sealing.unopened(session, sealed.metadata)
    print("\n".join([*unopened, f"{len(unopened)} of {service} do not open"]))
    return len(unopened)


@asynccontextmanager
async def _database(settings: EstuarySettings, service: str) -> AsyncIterator[Database]:
    async with open_migrated(settings, [service]) as url:
        db = Database(url, schema=service, clock=SystemClock(), role=role_of(service), pool_size=1)
        try:
            yield db
        finally:
            await db.close()
