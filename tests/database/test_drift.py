"""What the models say and what the migrations make is the same, in every schema."""

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from devtools.testing.databases import Databases
from estuary.services import SERVICES
from shared.database.connections import engine_of
from shared.database.system_tables import system_tables

STRUCTURE = {"add_table", "remove_table", "add_column", "remove_column", "modify_nullable", "modify_type"}
"""Differences that no service may have; the others are indexes and constraints that models do not declare."""


def declared(service: str) -> MetaData:
    """The tables that the code of that service declares, and the system tables."""
    package = import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"services.{service}."):
        if not {"tests", "migrations"} & set(module.name.split(".")):
            import_module(module.name)
    bases = [base for base in DeclarativeBase.__subclasses__() if base.metadata.schema == service]
    whole = MetaData()
    for part in [*(base.metadata for base in bases), system_tables(service).outbox.metadata]:
        for table in part.sorted_tables:
            table.to_metadata(whole)
    return whole


def differences(connection: Connection, service: str) -> list[tuple[Any, ...]]:
    """What alembic would have to do so that the database is what the models say."""
    options = {
        "include_schemas": True,
        "compare_type": differs,
        "include_name": lambda name, kind, _: kind != "schema" or name == service,
        "version_table_schema": service,
    }
    context = MigrationContext.configure(connection, opts=options)
    found: list[tuple[Any, ...]] = []
    for difference in compare_metadata(context, declared(service)):
        found += difference if isinstance(difference, list) else [difference]
    return found


def differs(*given: Any) -> bool | None:
    """Whether a column's type is another one; every kind of text is one, and alembic judges the rest."""
    return False if all(isinstance(kind, String) for kind in given[-2:]) else None


def described(differences: Iterable[tuple[Any, ...]]) -> list[str]:
    return sorted(" ".join(str(part) for part in difference) for difference in differences)


@pytest.mark.parametrize("service", SERVICES)
async def test_models_declare_the_tables_and_columns_that_migrations_make(service: str, databases: Databases):
    url = await databases.clone(service)
    engine = engine_of(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences, service)
    await engine.dispose()
    await databases.drop(url)
    assert described(one for one in found if one[0] in STRUCTURE) == []
