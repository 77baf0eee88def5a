"""Accounts, sessions, refresh tokens, signing keys, audit log."""

from shared.database.migrate import create_system_tables, execute_all

revision = "identity_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables; the service may add to the audit log, never change it."""
    create_system_tables("identity")
    execute_all(TABLES)


TABLES = [
    """
    create table identity.users (
        id uuid constraint pk_users primary key,
        email public.citext not null constraint uq_users_email unique check (length(email::text) between 3 and 254),
        password_hash varchar(255) not null,
        first_name varchar(100) not null,
        last_name varchar(100) not null,
        timezone varchar(64) not null,
        is_verified boolean not null default false,
        is_staff boolean not null default false,
        is_superuser boolean not null default false,
        practitioner_id uuid constraint uq_users_practitioner_id unique,
        practitioner_version integer not null default 0,
        created_at timestamptz not null,
        updated_at timestamptz not null
    )
    """,
    """
    create table identity.sessions (
        id uuid constraint pk_sessions primary key,
        user_id uuid not null constraint fk_sessions_user_id references identity.users (id),
        started_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz,
        ended_why varchar(32) check (ended_why in ('logout', 'refresh_reused')),
        constraint ck_sessions_end check ((ended_at is null) = (ended_why is null))
    )
    """,
    "create index ix_sessions_user_id on identity.sessions (user_id)",
    "create index ix_sessions_ended_at on identity.sessions (ended_at) where ended_at is not null",
    "create index ix_sessions_expires_at on identity.sessions (expires_at)",
    """
    create table identity.refresh_tokens (
        hash bytea constraint pk_refresh_tokens primary key check (length(hash) = 32),
        session_id uuid not null constraint fk_refresh_tokens_session_id
            references identity.sessions (id) on delete cascade,
        issued_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        replaced_by bytea,
        constraint ck_refresh_tokens_use check ((used_at is null) = (replaced_by is null))
    )
    """,
    "create index ix_refresh_tokens_session_id on identity.refresh_tokens (session_id)",
    # Kept by the database too: a session has one token that can be used.
    "create unique index uq_refresh_tokens_unused on identity.refresh_tokens (session_id) where used_at is null",
    """
    create table identity.signing_keys (
        kid varchar(64) constraint pk_signing_keys primary key,
        public_jwk jsonb not null,
        private_key bytea not null,
        signs_from timestamptz not null
    )
    """,
    """
    create table identity.audit_log (
        id uuid constraint pk_audit_log primary key,
        actor_id uuid,
        action varchar(60) not null,
        subject_id uuid not null,
        before jsonb,
        after jsonb,
        created_at timestamptz not null
    )
    """,
    "create index ix_audit_log_subject_id on identity.audit_log (subject_id)",
    "revoke update, delete on identity.audit_log from estuary_identity",
]
