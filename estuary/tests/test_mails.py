"""`estuary mails` shows why a mail waits, names no address, and tries those that were given up again."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from devtools.testing.databases import Databases
from estuary import mails
from estuary.settings import EstuarySettings
from shared.records.ids import new_id
from shared.settings import SettingsError

ADD = """
    insert into notifications.mails
        (id, user_id, cause, template, params, lane, status, tries, next_try_at, last_error, created_at)
    values ($1, $1, 'c', 'booking.confirmed/client', '{"service": "Yoga"}', 'awaited', $2, $3, now(), $4, now())
"""


@pytest.fixture
async def settings(databases: Databases) -> AsyncIterator[EstuarySettings]:
    url = await databases.clone("notifications")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(ADD, new_id(), "pending", 0, None)
    await connection.execute(ADD, new_id(), "pending", 3, "451 try later")
    await connection.execute(ADD, new_id(), "failed", 20, "550 no such user")
    await connection.close()
    yield EstuarySettings.of({"DATABASE_URL": url})
    await databases.drop(url)


async def test_each_that_waits_is_shown_with_its_reason(settings, capsys):
    await mails.show(settings, failed=False)
    shown = capsys.readouterr().out
    assert "it is not its turn yet" in shown
    assert "451 try later" in shown
    assert "550" not in shown
    assert shown.endswith("2 mails\n")


async def test_without_migrations_one_line_says_what_to_do(databases: Databases):
    url = await databases.empty()
    with pytest.raises(SettingsError, match="schema notifications is at no version"):
        await mails.show(EstuarySettings.of({"DATABASE_URL": url}), failed=False)
    await databases.drop(url)


async def test_those_given_up_are_tried_again(settings, capsys):
    await mails.show(settings, failed=True)
    assert "550 no such user" in capsys.readouterr().out
    await mails.retry(settings)
    assert capsys.readouterr().out.startswith("1 mails will be tried again")
    await mails.show(settings, failed=True)
    assert capsys.readouterr().out == "0 mails\n"
