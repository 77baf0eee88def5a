"""An install of the release before keeps its orders, of one line each, and what is held stays held."""

import json
import shutil
from pathlib import Path
from uuid import UUID

import asyncpg

from devtools.testing.databases import Databases, migrations_of
from shared.database import migrate
from shared.events.base import Envelope, decode
from shared.events.payments import ChargebackEnded
from shared.records.ids import new_id

BEFORE = "0025"
ORDER = """
    insert into payments.orders (id, kind, booking_id, client_id, practitioner_id, title, currency, total,
        credits_applied, amount_due, status, attempts, cancel_attempts, watched, expires_at, paid_at, created_at,
        check_at, refunded_card, refunded_credits, disputed)
    values ($1, $2, $3, $4, $5, 'Yoga', 'USD', 1000, 400, 600, 'paid', 0, 0, false, now(), now(), now(),
        now(), $6, $7, 0)
"""
LINE = "insert into payments.order_lines values ($1, $2, 'Yoga', 1000, 0.2, now())"
EARNING = """
    insert into payments.earnings (id, order_id, part, booking_id, practitioner_id, currency, commission_rate,
        commission, net, reversed_commission, reversed_net, repaid, owed, owed_commission, status, created_at)
    values ($1, $2, $3, $4, $5, 'USD', 0.2, 100, 400, 50, 200, 0, 0, 0, 'pending', '2026-11-01T00:00Z')
"""
REFUND = """
    insert into payments.refunds (id, order_id, currency, card, credits, settles, status, reason, by, attempt, tries,
        created_at)
    values ($1, $2, 'USD', $3, $4, $5, 'succeeded', '', 'staff', 1, 0, now())
"""
ACCOUNT = """
    insert into payments.payout_accounts
        (practitioner_id, user_id, charges_enabled, payouts_enabled, needs_details, schedule, tries, created_at)
    values ($1, $1, true, true, false, 'manual', 0, now())
"""
DISPUTE = "insert into payments.chargebacks values ($1, $2, 'USD', 600, 'fraudulent', $3, now())"


async def test_orders_are_orders_of_one_line_and_no_id_or_sum_changes(databases: Databases, tmp_path: Path) -> None:
    url, versions = await databases.clone(), migrations_of("payments")
    shutil.copytree(versions, tmp_path / "old", ignore=lambda _, names: [name for name in names if name[:4] >= BEFORE])
    await migrate.upgrade(url, "payments", tmp_path / "old")
    old = await asyncpg.connect(url)
    booked, bought, booking, client, seller, line, other = (new_id() for _ in range(7))
    await old.execute(ORDER, booked, "booking", booking, client, seller, 150, 100)
    await old.execute(ORDER, bought, "credits", None, client, None, 0, 0)
    await old.execute(LINE, line, booked)
    await old.execute(LINE, other, bought)
    for part in (0, 1):
        await old.execute(EARNING, new_id(), booked, part, booking, seller)
    for card, credits, settles in ((150, 100, 0), (50, 0, 50)):
        await old.execute(REFUND, new_id(), booked, card, credits, settles)
    for dispute, status in (("du_1", "won"), ("du_2", "warning_closed")):
        await old.execute(DISPUTE, dispute, booked, status)
    await old.execute(DISPUTE, "du_3", bought, "lost")
    for user_id, is_suspended in ((seller, True), (client, False)):
        await old.execute(ACCOUNT, user_id)
        await old.execute("insert into payments.suspensions values ($1, $2, now())", user_id, is_suspended)
    await old.execute("insert into payments.suspensions values ($1, true, now())", booking)
    await migrate.upgrade(url, "payments", versions)
    assert await rows(old, "select id, chargeback from payments.orders order by id") == sorted(
        [(booked, "won"), (bought, "lost")]
    )
    assert await rows(old, LINES, booked) == [(line, 0, seller, booking, 1000, 250, '[[100, "completed"]]', 2026)]
    assert await rows(old, LINES, bought) == [(other, 0, None, None, 1000, 0, '[[100, "completed"]]', None)]
    earned = "select line_id, release, part, kind, net from payments.earnings order by part"
    assert await rows(old, earned) == [(line, 0, 0, "booking", 400), (line, 0, 1, "booking", 400)]
    assert await rows(old, "select lines::text from payments.refunds order by card desc") == [
        (f'[["{line}", 250]]',),
        ("[]",),
    ]
    [said] = await old.fetch(SAID)
    ended = decode(Envelope(**{**said, "data": json.loads(said["data"])}))
    assert isinstance(ended, ChargebackEnded)
    assert (ended.order_id, ended.booking_id, ended.outcome) == (booked, booking, "won")
    held = "select line_id, cause, cause_id, ended_at is null from payments.earning_holds"
    assert await rows(old, held) == [(other, "chargeback", "du_3", True)]
    held = "select practitioner_id, cause, cause_id, ended_at is null from payments.payout_holds"
    assert sorted(await rows(old, held)) == sorted(
        [(seller, "suspension", str(seller), True), (client, "suspension", str(client), False)]
    )
    await old.close()
    await databases.drop(url)


SAID = "select event_id as id, type, version, topic, key, occurred_at as time, payload as data from payments.outbox"
LINES = """
    select id, position, practitioner_id, booking_id, gross, refunded, releases::text,
        extract(year from earned_at)::int from payments.order_lines where order_id = $1
"""


async def rows(connection: asyncpg.Connection, query: str, *values: UUID) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await connection.fetch(query, *values)]
