"""What clients hear of the end of sessions, and addresses that sign a browser in."""

from shared.database.migrate import execute_all

revision = "identity_0026"
down_revision = "identity_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is under way yet."""
    execute_all(CHANGES)


CHANGES = [
    """
    create table identity.oauth_logout_notices (
        id uuid constraint pk_oauth_logout_notices primary key,
        session_id uuid not null constraint uq_oauth_logout_notices_session_id unique,
        client_id uuid not null constraint fk_oauth_logout_notices_client_id
            references identity.oauth_clients (id) on delete cascade,
        user_id uuid not null constraint fk_oauth_logout_notices_user_id references identity.users (id),
        created_at timestamptz not null,
        tries integer not null,
        next_try_at timestamptz,
        last_error text
    )
    """,
    "create index ix_oauth_logout_notices_next_try_at on identity.oauth_logout_notices (next_try_at)",
    "create index ix_oauth_logout_notices_client_id on identity.oauth_logout_notices (client_id)",
    "create index ix_oauth_logout_notices_user_id on identity.oauth_logout_notices (user_id)",
    """
    create table identity.oauth_handoffs (
        hash bytea constraint pk_oauth_handoffs primary key
            constraint ck_oauth_handoffs_hash check (length(hash) = 32),
        user_id uuid not null constraint fk_oauth_handoffs_user_id references identity.users (id),
        client_id uuid not null constraint fk_oauth_handoffs_client_id
            references identity.oauth_clients (id) on delete cascade,
        session_id uuid not null constraint fk_oauth_handoffs_session_id
            references identity.sign_in_sessions (id) on delete cascade,
        expires_at timestamptz not null,
        used_at timestamptz
    )
    """,
    "create index ix_oauth_handoffs_user_id on identity.oauth_handoffs (user_id)",
    "create index ix_oauth_handoffs_client_id on identity.oauth_handoffs (client_id)",
    "create index ix_oauth_handoffs_session_id on identity.oauth_handoffs (session_id)",
    "create index ix_oauth_handoffs_expires_at on identity.oauth_handoffs (expires_at)",
]
