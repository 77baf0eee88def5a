"""What the models say and what the migrations make is the same, in every schema."""

import pkgutil
from collections.abc import Iterable
from importlib import import_module

import asyncpg
import pytest
from sqlalchemy import Connection, MetaData
from sqlalchemy.orm import DeclarativeBase

from devtools.testing.databases import Databases
from estuary.services import SERVICES
from shared.database.connections import engine_of
from shared.database.system_tables import system_tables
from tests.database.structure import drop_tables, structure


def declared(service: str) -> list[MetaData]:
    """The tables that the code of that service declares, and the system tables."""
    package = import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"services.{service}."):
        if not {"tests", "migrations"} & set(module.name.split(".")):
            import_module(module.name)
    bases = [base for base in DeclarativeBase.__subclasses__() if base.metadata.schema == service]
    return [*(base.metadata for base in bases), system_tables(service).outbox.metadata]


def create(connection: Connection, parts: Iterable[MetaData]) -> None:
    """All their tables."""
    for part in parts:
        part.create_all(connection)


@pytest.mark.parametrize("service", SERVICES)
async def test_models_declare_what_migrations_make(service: str, databases: Databases):
    """Columns and what generated ones hold, keys, unique constraints and checks, indexes and their conditions."""
    url = await databases.clone(service)
    owner, engine = await asyncpg.connect(url), engine_of(url)
    migrated = await structure(owner, service)
    await drop_tables(owner, service)
    async with engine.begin() as connection:
        await connection.run_sync(create, declared(service))
    modelled = await structure(owner, service)
    await engine.dispose()
    await owner.close()
    await databases.drop(url)
    assert (sorted(migrated - modelled), sorted(modelled - migrated)) == ([], [])


@pytest.mark.parametrize(
    "change",
    [
        "alter table booking.refunds alter column currency drop not null",
        "alter table booking.bookings drop constraint ck_bookings_money",
        "alter table booking.cancellations drop constraint uq_cancellations_booking_id",
        "alter table booking.bookings drop constraint fk_bookings_session_id",
        "drop index booking.ix_bookings_held",
        "drop index booking.ix_bookings_held;"
        " create index ix_bookings_held on booking.bookings (expires_at) where status = 'confirmed'",
        "drop index booking.ix_refunds_booking_id;"
        " create unique index ix_refunds_booking_id on booking.refunds (booking_id)",
    ],
)
async def test_the_structure_of_a_schema_shows_each_kind_of_difference(change: str, databases: Databases):
    url = await databases.clone("booking")
    owner = await asyncpg.connect(url)
    before = await structure(owner, "booking")
    await owner.execute(change)
    after = await structure(owner, "booking")
    await owner.close()
    await databases.drop(url)
    assert before != after
