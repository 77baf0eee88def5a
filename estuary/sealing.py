"""The operator's commands for what a service seals: wrap its data keys anew, look whether everything opens."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import MetaData

from estuary.run.postgres import open_migrated
from estuary.settings import EstuarySettings, service_environment
from shared.database.migrate import role_of
from shared.database.sealing import Sealing
from shared.database.session import Database
from shared.records.clock import SystemClock
from shared.records.sealing import NotOpened
from shared.settings import SettingsError


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a service seals: its keys, and the tables whose columns are looked at."""

    sealing: Sealing
    metadata: MetaData


def _identity(env: Mapping[str, str]) -> Sealed:
    from services.identity.base import Base
    from services.identity.keys.models import DataKey
    from services.identity.settings import IdentitySettings

    return Sealed(Sealing(DataKey, IdentitySettings.of(env).key_ring()), Base.metadata)


SERVICES: Mapping[str, Callable[[Mapping[str, str]], Sealed]] = {"identity": _identity}
"""Services that seal secrets."""


async def rotate(settings: EstuarySettings, env: Mapping[str, str], service: str) -> None:
    """Wraps the data keys under the first of the service's keys; raises SettingsError where one cannot be opened."""
    sealed = SERVICES[service](service_environment(settings, env))
    async with _database(settings, service) as db, db.transaction() as session:
        try:
            count = await sealed.sealing.rewrap(session)
        except NotOpened:
            raise SettingsError(f"{service.upper()}_KEYS: opens not all data keys of {service}: see `verify`") from None
    print(f"{count} data keys of {service} wrapped anew")


async def verify(settings: EstuarySettings, env: Mapping[str, str], service: str) -> int:
    """Prints a line for each data key and secret that the service's keys do not open; answers how many."""
    sealed = SERVICES[service](service_environment(settings, env))
    async with _database(settings, service) as db:
        await sealed.sealing.load(db)
        async with db.read() as session:
            unopened = await sealed.sealing.unopened(session, sealed.metadata)
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
