"""Stripe's objects, stored answers, due webhooks and steps, and the sandbox's settings."""

from shared.database.migrate import create_system_tables, execute_all

revision = "sandbox_0001"
down_revision = None
branch_labels = None
depends_on = None

LOOKED_UP = ("payment_intent", "charge", "destination", "transfer_group", "source", "type")


def upgrade() -> None:
    """Creates the tables and the indexes that lists use."""
    create_system_tables("sandbox")
    execute_all(TABLES.strip().split(";\n"))
    execute_all(
        [
            f"create index ix_objects_{field} on sandbox.objects ((data->>'{field}'), seq) where {kinds}"
            for field, kinds in zip(LOOKED_UP, KINDS, strict=True)
        ]
    )


KINDS = (
    "kind in ('charge', 'refund', 'dispute')",
    "kind in ('refund', 'dispute')",
    "kind = 'transfer'",
    "kind = 'transfer'",
    "kind = 'balance_transaction'",
    "kind = 'event'",
)
TABLES = """
create table sandbox.objects (
    id text primary key,
    seq bigint generated always as identity,
    kind text not null,
    account text not null,
    created bigint not null,
    data jsonb not null
);
create index ix_objects_kind on sandbox.objects (kind, account, seq);
create table sandbox.answers (
    account text not null,
    key text not null,
    request_hash bytea not null,
    status integer not null,
    body text not null,
    created_at timestamptz not null,
    primary key (account, key)
);
create index ix_answers_created_at on sandbox.answers (created_at);
create table sandbox.deliveries (
    id bigint generated always as identity primary key,
    event_id text not null,
    due_at timestamptz not null,
    attempts integer not null default 0,
    last_error text
);
create index ix_deliveries_due_at on sandbox.deliveries (due_at);
create table sandbox.steps (
    id bigint generated always as identity primary key,
    object_id text not null,
    account text not null,
    step text not null,
    due_at timestamptz not null
);
create index ix_steps_due_at on sandbox.steps (due_at);
create table sandbox.settings (
    name text primary key,
    value jsonb not null
)
"""
