"""A record of every call to Stripe that moves money."""

from shared.database.migrate import execute_all

revision = "payments_0007"
down_revision = "payments_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, with what was under way: its outcome is unknown until it is looked up or answered."""
    execute_all(CALLS)
    execute_all(UNDER_WAY)


CALLS = [
    """
    create table payments.provider_calls (
        purpose varchar(32) not null constraint ck_provider_calls_purpose
            check (purpose in ('refund', 'transfer', 'reversal', 'bank_payout')),
        subject_id uuid not null,
        attempt integer not null,
        key text not null unique,
        first_sent_at timestamptz not null,
        last_sent_at timestamptz not null,
        in_flight integer not null constraint ck_provider_calls_in_flight check (in_flight >= 0),
        key_spent boolean not null,
        outcome varchar(32) not null constraint ck_provider_calls_outcome
            check (outcome in ('unknown', 'done', 'refused')),
        superseded boolean not null,
        answer jsonb,
        reason text,
        detail text,
        primary key (purpose, subject_id, attempt),
        constraint ck_provider_calls_answer check ((outcome = 'done') = (answer is not null)),
        constraint ck_provider_calls_superseded check (not (superseded and outcome = 'unknown'))
    )
    """,
    """
    create unique index uq_provider_calls_current on payments.provider_calls (purpose, subject_id)
        where not superseded
    """,
    "create index ix_provider_calls_unknown on payments.provider_calls (first_sent_at) where outcome = 'unknown'",
]

_NEW = """
    insert into payments.provider_calls
        (purpose, subject_id, attempt, key, first_sent_at, last_sent_at, in_flight, key_spent, outcome, superseded)
"""
UNDER_WAY = [
    _NEW
    + """
    select 'transfer', id, attempt, 'transfer:' || id || ':' || attempt, approved_at, approved_at, 0, false, 'unknown',
        false from payments.payouts where status = 'processing' and transfer_id is null
    """,
    _NEW
    + """
    select 'bank_payout', id, attempt, 'payout:' || id || ':' || attempt, approved_at, approved_at, 0, false, 'unknown',
        false from payments.payouts where status = 'processing' and transfer_id is not null and bank_payout_id is null
    """,
    _NEW
    + """
    select 'reversal', id, attempt, 'reversal:' || id || ':' || attempt, approved_at, approved_at, 0, false, 'unknown',
        false from payments.payouts where status in ('processing', 'paid') and bank_state in ('failed', 'canceled')
    """,
    _NEW
    + """
    select 'refund', id, attempt, 'refund:' || id || ':' || attempt, created_at, created_at, 0, false, 'unknown', false
        from payments.refunds where status = 'pending' and card > 0 and stripe_refund_id is null
    """,
]
