"""Streams' tiers are plans, and fans subscribe to them: one of each stream at a time."""

from shared.database.migrate import execute_all

revision = "payments_0040"
down_revision = "payments_0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No tier can be subscribed to yet; the indexes have the same names and, without a stream, the same meaning."""
    execute_all([*_kinds_of("plans"), *_kinds_of("subscriptions"), *COLUMNS, *INDEXES])


def _kinds_of(table: str) -> list[str]:
    kinds = "'platform', 'organizer', 'membership', 'stream_tier'"
    return [
        f"alter table payments.{table} drop constraint ck_{table}_kind",
        f"alter table payments.{table} add constraint ck_{table}_kind check (kind in ({kinds}))",
    ]


COLUMNS = [
    """
    alter table payments.plans add column stream_id uuid, add column practitioner_id uuid,
        add constraint ck_plans_stream_id check ((kind = 'stream_tier') = (stream_id is not null)),
        add constraint ck_plans_practitioner_id check ((kind = 'stream_tier') = (practitioner_id is not null))
    """,
    """
    alter table payments.subscriptions add column stream_id uuid,
        add constraint ck_subscriptions_stream_id check ((kind = 'stream_tier') = (stream_id is not null))
    """,
]
INDEXES = [
    "create index ix_plans_stream_id on payments.plans (stream_id) where stream_id is not null",
    "drop index payments.uq_subscriptions_living, payments.uq_subscriptions_trial",
    """
    create unique index uq_subscriptions_living on payments.subscriptions (user_id, kind, stream_id)
        nulls not distinct where status <> 'ended'
    """,
    """
    create unique index uq_subscriptions_trial on payments.subscriptions (user_id, kind, stream_id)
        nulls not distinct where trial_until is not null
    """,
]
