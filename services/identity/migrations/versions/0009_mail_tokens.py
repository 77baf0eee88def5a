"""Mails with tokens, and the counts of the throttle."""

from shared.database.migrate import create_throttle, execute_all

revision = "identity_0009"
down_revision = "identity_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates two tables."""
    create_throttle("identity")
    execute_all(TABLES)


TABLES = [
    """
    create table identity.mail_tokens (
        id uuid constraint pk_mail_tokens primary key,
        kind varchar(32) not null constraint ck_mail_tokens_kind check (kind in (
            'verify_email', 'reset_password', 'change_email', 'undo_email',
            'password_changed', 'email_change_requested', 'email_taken', 'signed_in')),
        user_id uuid constraint fk_mail_tokens_user_id references identity.users (id),
        address public.citext not null,
        session_id uuid,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        announced_at timestamptz,
        used_at timestamptz,
        superseded_at timestamptz,
        constraint ck_mail_tokens_user check (
            user_id is not null or (kind = 'reset_password' and announced_at is null)),
        constraint ck_mail_tokens_used check (used_at is null or superseded_at is null)
    )
    """,
    "create index ix_mail_tokens_user_id on identity.mail_tokens (user_id)",
    "create index ix_mail_tokens_unannounced on identity.mail_tokens (id) where announced_at is null",
    "create index ix_mail_tokens_expires_at on identity.mail_tokens (expires_at)",
    """
    create index ix_mail_tokens_undo on identity.mail_tokens (address)
        where kind = 'undo_email' and used_at is null and superseded_at is null
    """,
]
