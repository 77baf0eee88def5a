"""Causes of other services have a row of their own, which also knows those that ended before they held anything."""

from shared.database.migrate import execute_all

revision = "payments_0034"
down_revision = "payments_0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Holds of different causes never meet under one id."""
    execute_all([TABLE, KNOWN, *INDEXES])


CAUSES = "'dispute', 'chargeback', 'warning', 'staff', 'suspension', 'moderation'"
TABLE = f"""
    create table payments.service_holds (
        cause_id uuid constraint pk_service_holds primary key,
        cause varchar(32) constraint ck_service_holds_cause check (cause in ({CAUSES})),
        created_at timestamptz not null,
        ended_at timestamptz,
        constraint ck_service_holds_ended check (cause is not null or ended_at is not null)
    )
"""
# Stripe's disputes have ids of another form, and a suspension that of its practitioner.
KNOWN = """
    insert into payments.service_holds (cause_id, cause, created_at, ended_at)
    select cause_id::uuid, min(cause), min(opened_at),
        case when bool_and(ended_at is not null) then max(ended_at) end
    from (
        select cause_id, cause, opened_at, ended_at from payments.earning_holds
        union all
        select cause_id, cause, opened_at, ended_at from payments.payout_holds where cause_id <> practitioner_id::text
    ) h
    where cause_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    group by cause_id
"""
INDEXES = [
    "drop index payments.uq_earning_holds_open",
    "drop index payments.uq_payout_holds_open",
    """
    create unique index uq_earning_holds_open on payments.earning_holds (line_id, cause, cause_id)
        where ended_at is null
    """,
    """
    create unique index uq_payout_holds_open on payments.payout_holds (practitioner_id, cause, cause_id)
        where ended_at is null
    """,
]
