"""Exports and erasures of people; the ids of those who were erased. Whoever was erased before is erased anew."""

from shared.database.migrate import create_erased, execute_all

revision = "identity_0017"
down_revision = "identity_0016"
branch_labels = None
depends_on = None

TABLES = [
    """
    create table identity.erasures (
        id uuid constraint pk_erasures primary key,
        user_id uuid not null constraint fk_erasures_user_id references identity.users (id),
        status varchar(32) not null constraint ck_erasures_status check (
            status in ('waiting', 'erasing', 'done', 'cancelled')),
        asked_by uuid not null,
        erases_at timestamptz not null,
        forfeit_credits boolean not null,
        obligations jsonb not null,
        recipient bytea,
        created_at timestamptz not null,
        begun_at timestamptz,
        done_at timestamptz,
        cancelled_at timestamptz,
        tries integer not null,
        next_try_at timestamptz,
        last_error text,
        constraint ck_erasures_begun_at check ((status in ('erasing', 'done')) = (begun_at is not null)),
        constraint ck_erasures_done_at check ((status = 'done') = (done_at is not null)),
        constraint ck_erasures_recipient check (recipient is null or status = 'erasing')
    )
    """,
    "create unique index uq_erasures_open on identity.erasures (user_id) where status in ('waiting', 'erasing')",
    "create index ix_erasures_user_id on identity.erasures (user_id, id)",
    "create index ix_erasures_waiting on identity.erasures (erases_at) where status = 'waiting'",
    """
    create table identity.erasure_answers (
        erasure_id uuid not null constraint fk_erasure_answers_erasure_id references identity.erasures (id),
        service varchar(40) not null,
        done_at timestamptz not null,
        erased jsonb not null,
        kept jsonb not null,
        constraint pk_erasure_answers primary key (erasure_id, service)
    )
    """,
    """
    create table identity.exports (
        id uuid constraint pk_exports primary key,
        user_id uuid not null constraint fk_exports_user_id references identity.users (id),
        status varchar(32) not null constraint ck_exports_status check (
            status in ('queued', 'running', 'ready', 'failed')),
        created_at timestamptz not null,
        ready_at timestamptz,
        expires_at timestamptz not null,
        tries integer not null,
        next_try_at timestamptz,
        last_error text,
        constraint ck_exports_ready_at check ((status = 'ready') = (ready_at is not null))
    )
    """,
    "create index ix_exports_user_id on identity.exports (user_id, id)",
    "create index ix_exports_expires_at on identity.exports (expires_at)",
    """
    create table identity.export_parts (
        id uuid constraint pk_export_parts primary key,
        export_id uuid not null constraint fk_export_parts_export_id
            references identity.exports (id) on delete cascade,
        service varchar(40) not null,
        rows integer not null,
        sha256 varchar(64) not null,
        contents bytea not null,
        constraint uq_export_parts_export_id unique (export_id, service)
    )
    """,
    "alter table identity.mail_tokens add column recipient bytea",
    "alter table identity.mail_tokens add constraint ck_mail_tokens_recipient check ((kind = 'account_erased') = (recipient is not null))",
    "alter table identity.mail_tokens drop constraint ck_mail_tokens_kind",
    """
    alter table identity.mail_tokens add constraint ck_mail_tokens_kind check (kind in (
        'verify_email', 'reset_password', 'change_email', 'undo_email', 'password_changed', 'email_change_requested',
        'email_taken', 'signed_in', 'factor_added', 'factor_removed', 'passkey_added', 'passkey_removed',
        'recovery_codes_made', 'mfa_turned_on', 'mfa_turned_off', 'provider_linked', 'provider_unlinked',
        'account_erased'))
    """,
]
AGAIN = """
    insert into identity.erasures (id, user_id, status, asked_by, erases_at, forfeit_credits, obligations, created_at, tries)
    select gen_random_uuid(), id, 'waiting', id, updated_at, false, '[]', updated_at, 0
    from identity.users where email = id || '@erased.invalid'
"""


def upgrade() -> None:
    """Creates tables. The erasures of the release before are asked for once more, so that each leaves its ids and proof."""
    create_erased("identity")
    execute_all([*TABLES, AGAIN])
