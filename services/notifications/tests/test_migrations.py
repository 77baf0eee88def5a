"""Migrations that rename keep all rows."""

import shutil
from pathlib import Path

import asyncpg

from devtools.testing.databases import Databases, migrations_of
from services.notifications.invariants import INVARIANTS
from shared.database import migrate
from shared.records.ids import new_id

VERSIONS = migrations_of("notifications")
ROWS = """
    insert into notifications.notices (id, user_id, cause, type, title, body, data, template, facts, created_at)
        values ($1, $1, 'c', 'payout.paid', 't', 'b', '{}', 'payout.paid', '{"amount": "1"}', now());
    insert into notifications.mails (id, user_id, cause, template, facts, status, attempts, next_try_at, created_at)
        values ($1, $1, 'c', 'payout.paid', '{"amount": "1"}', 'pending', 1, now(), now());
    insert into notifications.unread (user_id, conversation_id, first_message_id, told_of) values ($1, $1, $1, $1);
    insert into notifications.staff_news (id, cause, template, facts, data, created_at)
        values ($1, 'c', 'chargeback.lost', '{"amount": "1"}', '{}', now());
    insert into notifications.departures (user_id, created_at) values ($1, now());
    insert into notifications.feeds (user_id, channel, last_seq) values ($1, 'notifications', 1);
    insert into notifications.frames (id, user_id, channel, seq, cause, type, data, created_at)
        values ($1, $1, 'notifications', 1, ($1::uuid)::text, 'notification.created', '{}', now());
"""
KEPT = {
    "select count(*) from notifications.notifications where params ->> 'amount' = '1'": 1,
    "select count(*) from notifications.mails where params ->> 'amount' = '1' and last_error is not null": 1,
    "select count(*) from notifications.unread_conversations where notified_message_id = first_message_id": 1,
    "select count(*) from notifications.staff_notifications where params ->> 'amount' = '1'": 1,
    "select count(*) from notifications.deactivated_users": 1,
}


async def test_all_rows_have_the_new_names(databases: Databases, tmp_path: Path):
    url = await _empty_database(databases)
    for file in sorted(VERSIONS.glob("000[1-8]_*.py")):
        shutil.copy(file, tmp_path)
    await migrate.upgrade(url, "notifications", tmp_path)
    connection, row_id = await asyncpg.connect(url), new_id()
    try:
        for statement in filter(str.strip, ROWS.split(";")):
            await connection.execute(statement, row_id)
        await migrate.upgrade(url, "notifications", VERSIONS)
        assert {statement: await connection.fetchval(statement) for statement in KEPT} == KEPT
        assert {name: await connection.fetch(statement) for name, statement in INVARIANTS.items()} == {
            name: [] for name in INVARIANTS
        }
    finally:
        await connection.close()
        await databases.drop(url)


async def _empty_database(databases: Databases) -> str:
    name, admin = f"m{new_id().hex}", await asyncpg.connect(databases.server.url)
    await admin.execute(f"create database {name}")
    await admin.close()
    return databases.server.database(name)
