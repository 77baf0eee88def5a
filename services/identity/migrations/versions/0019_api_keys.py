"""API keys, and sessions of other kinds than a sign-in."""

from shared.database.migrate import execute_all

revision = "identity_0019"
down_revision = "identity_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions from before are sign-ins. The default stays, for the release before that runs beside."""
    execute_all(CHANGES)


CHANGES = [
    """
    alter table identity.sign_in_sessions add column kind varchar(32) not null default 'sign_in'
        constraint ck_sign_in_sessions_kind check (kind in ('sign_in', 'api_key', 'impersonation'))
    """,
    "alter table identity.sign_in_sessions drop constraint ck_sign_in_sessions_end_reason",
    """
    alter table identity.sign_in_sessions add constraint ck_sign_in_sessions_end_reason check (end_reason in (
        'logout', 'refresh_reused', 'deactivated', 'role_taken', 'password_changed', 'email_changed', 'ended',
        'key_ended'))
    """,
    "alter table identity.mail_tokens drop constraint ck_mail_tokens_kind",
    """
    alter table identity.mail_tokens add constraint ck_mail_tokens_kind check (kind in (
        'verify_email', 'reset_password', 'change_email', 'undo_email',
        'password_changed', 'email_change_requested', 'email_taken', 'signed_in',
        'factor_added', 'factor_removed', 'passkey_added', 'passkey_removed', 'recovery_codes_made', 'mfa_turned_on',
        'mfa_turned_off', 'provider_linked', 'provider_unlinked', 'account_erased',
        'api_key_made', 'api_key_ended'))
    """,
    """
    create table identity.api_keys (
        id uuid constraint pk_api_keys primary key,
        user_id uuid not null constraint fk_api_keys_user_id references identity.users (id),
        session_id uuid constraint uq_api_keys_session_id unique
            constraint fk_api_keys_session_id references identity.sign_in_sessions (id) on delete set null,
        name varchar(100) not null,
        hash bytea not null constraint uq_api_keys_hash unique constraint ck_api_keys_hash check (length(hash) = 32),
        scopes text[] not null constraint ck_api_keys_scopes check (cardinality(scopes) > 0),
        created_at timestamptz not null,
        expires_at timestamptz,
        last_used_at timestamptz,
        ended_at timestamptz
    )
    """,
    "create index ix_api_keys_user_id on identity.api_keys (user_id) where ended_at is null",
]
