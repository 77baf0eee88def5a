"""Every column of every schema says whether it tells of a person, and docs/privacy.md says the same."""

import re
from dataclasses import fields
from importlib import import_module

import pytest
from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase

from estuary.privacy_page import PAGE, with_registers
from estuary.services import SERVICES, register
from shared.database.system_tables import system_tables
from shared.records.privacy import PERSONAL, table

VERSIONS = {"alembic_version": {"version_num"}}


def tables_of(service: str) -> list[Table]:
    import_module(f"services.{service}.app")
    bases = {base.metadata for base in DeclarativeBase.__subclasses__() if base.metadata.schema == service}
    system = system_tables(service)
    own = [one for metadata in bases for one in metadata.tables.values()]
    return [*own, *(getattr(system, field.name) for field in fields(system))]


@pytest.mark.parametrize("service", SERVICES)
def test_every_column_has_an_entry_and_every_entry_a_column(service: str):
    columns = {one.name: {column.name for column in one.columns} for one in tables_of(service)} | VERSIONS
    entries = {name: set(entry.columns) for name, entry in register(service).items()}
    assert entries == columns


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_kept_says_why_and_until_when(service: str):
    entries = [column for one in register(service).values() for column in one.columns.values()]
    assert all(bool(entry.why and entry.until) == (entry.holding == "kept") for entry in entries)


@pytest.mark.parametrize("service", SERVICES)
def test_a_row_of_somebody_says_whose_it_is(service: str):
    """But for events, which are found by what they say."""
    found_by_contents = {"outbox", "parked"}
    unowned = {name for name, one in register(service).items() if one.personal and not one.theirs}
    assert unowned <= found_by_contents
    for one in register(service).values():
        assert not one.theirs or re.search(r":(person|practitioner)\b", one.theirs)


def test_a_column_is_named_once():
    with pytest.raises(ValueError, match="twice"):
        table(personal="name", neither="name")
    assert table(personal="name").columns == {"name": PERSONAL}


def test_the_page_says_what_the_registers_say():
    text = PAGE.read_text(encoding="utf-8")
    assert text == with_registers(text), "write it anew: estuary privacy"
