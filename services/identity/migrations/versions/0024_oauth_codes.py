"""Codes of clients, browsers that are signed in, and the sessions of apps in them."""

from shared.database.migrate import execute_all

revision = "identity_0024"
down_revision = "identity_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is signed in to an app yet."""
    execute_all(CHANGES)


CHANGES = [
    """
    create table identity.oauth_browsers (
        session_id uuid constraint pk_oauth_browsers primary key
            constraint fk_oauth_browsers_session_id references identity.sign_in_sessions (id) on delete cascade,
        hash bytea not null constraint uq_oauth_browsers_hash unique
            constraint ck_oauth_browsers_hash check (length(hash) = 32)
    )
    """,
    """
    create table identity.oauth_sessions (
        session_id uuid constraint pk_oauth_sessions primary key
            constraint fk_oauth_sessions_session_id references identity.sign_in_sessions (id) on delete cascade,
        browser_id uuid constraint fk_oauth_sessions_browser_id
            references identity.sign_in_sessions (id) on delete set null,
        is_offline boolean not null
    )
    """,
    "create index ix_oauth_sessions_browser_id on identity.oauth_sessions (browser_id)",
    """
    create table identity.oauth_codes (
        hash bytea constraint pk_oauth_codes primary key constraint ck_oauth_codes_hash check (length(hash) = 32),
        client_id uuid not null constraint fk_oauth_codes_client_id
            references identity.oauth_clients (id) on delete cascade,
        user_id uuid not null constraint fk_oauth_codes_user_id references identity.users (id),
        browser_id uuid not null constraint fk_oauth_codes_browser_id
            references identity.sign_in_sessions (id) on delete cascade,
        redirect_uri text not null,
        scopes text[] not null,
        nonce text,
        challenge varchar(128) not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        session_id uuid constraint fk_oauth_codes_session_id
            references identity.sign_in_sessions (id) on delete set null,
        constraint ck_oauth_codes_session check (session_id is null or used_at is not null)
    )
    """,
    "create index ix_oauth_codes_client_id on identity.oauth_codes (client_id)",
    "create index ix_oauth_codes_user_id on identity.oauth_codes (user_id)",
    "create index ix_oauth_codes_browser_id on identity.oauth_codes (browser_id)",
    "create index ix_oauth_codes_session_id on identity.oauth_codes (session_id)",
    "create index ix_oauth_codes_expires_at on identity.oauth_codes (expires_at)",
]
