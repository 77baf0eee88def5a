"""`estuary waiting` shows what is tried again, of every table that has such work, and why."""

from collections.abc import AsyncIterator
from importlib import import_module

import asyncpg
import pytest

from devtools.testing.databases import Databases
from estuary import waiting
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from shared.records.ids import new_id
from shared.settings import SettingsError
from shared.work.attempts import Retried

MAIL = """
    insert into notifications.mails
        (id, user_id, cause, template, params, lane, status, tries, next_try_at, last_error, created_at)
    values ($1, $1, 'c', 'booking.confirmed/client', '{}', 'awaited', $2, 3, now(), $3, now())
"""
WEBHOOK = """
    insert into payments.stripe_events
        (id, type, object_id, payload, state, tries, next_try_at, last_error, received_at)
    values ('evt_1', 'charge.refunded', 'ch_1', '', 'pending', 2, now(), 'Stripe does not answer', now())
"""
PAYOUT = """
    insert into payments.payouts
        (id, practitioner_id, user_id, currency, amount, status, attempt, ending, tries, last_error, created_at)
    values ($1, $1, $1, 'USD', 6000, 'eligible', 1, false, 4, 'no approval', now())
"""


@pytest.fixture
async def settings(databases: Databases) -> AsyncIterator[EstuarySettings]:
    url = await databases.clone("booking", "payments", "notifications", "identity", "streams")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(MAIL, new_id(), "pending", "451 try later")
    await connection.execute(MAIL, new_id(), "pending", None)
    await connection.execute(MAIL, new_id(), "failed", "550 no such user")
    await connection.execute(WEBHOOK)
    await connection.execute(PAYOUT, new_id())
    await connection.close()
    yield EstuarySettings.of({"DATABASE_URL": url})
    await databases.drop(url)


async def test_each_row_is_shown_with_its_reason(settings, capsys):
    await waiting.show(settings)
    shown = capsys.readouterr().out
    assert "payments      StripeEvent evt_1  2 tries, due since 20" in shown
    assert "    Stripe does not answer\n" in shown
    assert "    451 try later\n" in shown
    assert "4 tries, no next try\n    no approval\n" in shown
    assert "550" not in shown
    assert shown.endswith("3 are tried again\n")


async def test_more_than_fifty_are_counted(settings, capsys, monkeypatch):
    monkeypatch.setattr(waiting, "SHOWN", 1)
    url = str(settings.database_url).replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    await connection.execute(MAIL, new_id(), "pending", "452 full")
    await connection.close()
    await waiting.show(settings)
    shown = capsys.readouterr().out
    assert "notifications 1 more of Mail\n" in shown
    assert shown.endswith("4 are tried again\n")


async def test_a_schema_of_the_release_before_is_named_in_one_line(settings):
    connection = await asyncpg.connect(str(settings.database_url).replace("+asyncpg", ""))
    await connection.execute("update payments.alembic_version set version_num = '0001'")
    await connection.close()
    with pytest.raises(
        SettingsError, match=r"^schema payments is at 0001, this release needs \S+: run `estuary migrate"
    ):
        await waiting.show(settings)


def test_no_table_is_forgotten():
    for name in SERVICES:
        import_module(f"services.{name}.app")
    here = {model for model in Retried.__subclasses__() if model.__module__.startswith("services.")}
    assert here == {model for models in waiting.RETRIED.values() for model in models}
