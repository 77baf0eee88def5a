"""Holds are rows of a cause, with its id and its times: of lines, and of practitioners' payouts."""

from shared.database.migrate import execute_all

revision = "payments_0030"
down_revision = "payments_0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is held stays held. The release before has to be stopped."""
    execute_all(TABLES)
    execute_all(DISPUTES)
    execute_all(SUSPENSIONS)


CAUSES = "'dispute', 'chargeback', 'warning', 'staff', 'suspension', 'moderation'"
TABLES = [
    """
    alter table payments.earning_holds rename to earning_holds_before
    """,
    """
    alter table payments.earning_holds_before rename constraint pk_earning_holds to pk_earning_holds_before
    """,
    f"""
    create table payments.earning_holds (
        id uuid constraint pk_earning_holds primary key,
        line_id uuid not null constraint fk_earning_holds_line_id references payments.order_lines (id),
        cause varchar(32) not null constraint ck_earning_holds_cause check (cause in ({CAUSES})),
        cause_id text not null,
        opened_at timestamptz not null,
        ended_at timestamptz,
        constraint ck_earning_holds_ended check (ended_at >= opened_at)
    )
    """,
    f"""
    create table payments.payout_holds (
        id uuid constraint pk_payout_holds primary key,
        practitioner_id uuid not null,
        cause varchar(32) not null constraint ck_payout_holds_cause check (cause in ({CAUSES})),
        cause_id text not null,
        opened_at timestamptz not null,
        ended_at timestamptz,
        constraint ck_payout_holds_ended check (ended_at >= opened_at)
    )
    """,
    """
    create unique index uq_earning_holds_open on payments.earning_holds (line_id, cause_id) where ended_at is null
    """,
    """
    create unique index uq_payout_holds_open on payments.payout_holds (practitioner_id, cause_id)
        where ended_at is null
    """,
    "create index ix_earning_holds_cause_id on payments.earning_holds (cause_id)",
    "create index ix_payout_holds_cause_id on payments.payout_holds (cause_id)",
]
# All entries of an order were held while a dispute of it was open or lost.
DISPUTES = [
    """
    insert into payments.earning_holds (id, line_id, cause, cause_id, opened_at)
    select gen_random_uuid(), l.id, 'chargeback', c.id, greatest(c.created_at, coalesce((
            select min(h.created_at) from payments.earning_holds_before h
            join payments.earnings e on e.id = h.earning_id where e.line_id = l.id), c.created_at))
    from payments.chargebacks c join payments.order_lines l on l.order_id = c.order_id
    where c.status in ('needs_response', 'under_review', 'lost')
    """,
    "drop table payments.earning_holds_before",
]
# Who never set up a payout account could ask for no payout, and cannot set one up while suspended.
SUSPENSIONS = [
    """
    insert into payments.payout_holds (id, practitioner_id, cause, cause_id, opened_at, ended_at)
    select gen_random_uuid(), a.practitioner_id, 'suspension', a.practitioner_id::text, s.changed_at,
        case when s.is_suspended then null else s.changed_at end
    from payments.suspensions s join payments.payout_accounts a on a.user_id = s.user_id
    """,
    "drop table payments.suspensions",
]
