"""Whoever keeps people hears that one is gone; whoever sells for practitioners hears that one may sell no more."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from sqlalchemy.orm import DeclarativeBase

from estuary.services import SERVICES
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated

PERSON = {"user_id", "practitioner_user_id", "client_id", "owner_id", "author_id", "sender_id"}
"""Columns that name an account."""


def columns_of(service: str) -> Iterator[str]:
    """The names of all columns of the service's own tables."""
    import_module(f"services.{service}.app")
    for base in DeclarativeBase.__subclasses__():
        if base.metadata.schema == service:
            yield from (column.name for table in base.metadata.tables.values() for column in table.columns)


def consumed_by(service: str) -> set[type]:
    return set(import_module(f"services.{service}.app").CONSUMERS)


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "identity"])
def test_who_keeps_people_hears_that_one_is_gone(service: str):
    assert PERSON & set(columns_of(service)), "keeps nobody: then the test says nothing about it"
    assert UserDeactivated in consumed_by(service)


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "catalog"])
def test_who_sells_hears_that_a_practitioner_may_sell_no_more(service: str):
    if "practitioner_id" in set(columns_of(service)):
        assert PractitionerVerificationChanged in consumed_by(service)
