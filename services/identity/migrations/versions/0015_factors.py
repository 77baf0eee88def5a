"""Second factors, passkeys, and the tickets of a proof that is under way."""

from shared.database.migrate import execute_all

revision = "identity_0015"
down_revision = "identity_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates four tables and a column that is empty for everybody."""
    execute_all(CHANGES)


CHANGES = [
    "alter table identity.users add column second_factors text[] not null default '{}'",
    """
    create table identity.totp_factors (
        user_id uuid constraint pk_totp_factors primary key
            constraint fk_totp_factors_user_id references identity.users (id),
        secret bytea not null,
        created_at timestamptz not null,
        confirmed_at timestamptz,
        last_step bigint,
        constraint ck_totp_factors_confirmed check ((confirmed_at is null) = (last_step is null))
    )
    """,
    """
    create table identity.recovery_codes (
        user_id uuid constraint fk_recovery_codes_user_id references identity.users (id),
        hash bytea constraint ck_recovery_codes_hash check (length(hash) = 32),
        created_at timestamptz not null,
        constraint pk_recovery_codes primary key (user_id, hash)
    )
    """,
    """
    create table identity.passkeys (
        id uuid constraint pk_passkeys primary key,
        user_id uuid not null constraint fk_passkeys_user_id references identity.users (id),
        credential_id bytea not null constraint uq_passkeys_credential_id unique,
        public_key bytea not null,
        sign_count bigint not null constraint ck_passkeys_sign_count check (sign_count >= 0),
        name varchar(100) not null,
        backed_up boolean not null,
        transports text[] not null,
        created_at timestamptz not null,
        last_used_at timestamptz
    )
    """,
    "create index ix_passkeys_user_id on identity.passkeys (user_id)",
    """
    create table identity.tickets (
        hash bytea constraint pk_tickets primary key constraint ck_tickets_hash check (length(hash) = 32),
        purpose varchar(32) not null constraint ck_tickets_purpose check (purpose in (
            'second_step', 'add_passkey', 'passkey_sign_in', 'step_up')),
        user_id uuid constraint fk_tickets_user_id references identity.users (id),
        methods text[] not null,
        challenge bytea,
        wrong integer not null constraint ck_tickets_wrong check (wrong between 0 and 5),
        expires_at timestamptz not null,
        constraint ck_tickets_user check ((user_id is null) = (purpose = 'passkey_sign_in'))
    )
    """,
    "create index ix_tickets_user_id on identity.tickets (user_id)",
    "create index ix_tickets_expires_at on identity.tickets (expires_at)",
    "alter table identity.mail_tokens drop constraint ck_mail_tokens_kind",
    """
    alter table identity.mail_tokens add constraint ck_mail_tokens_kind check (kind in (
        'verify_email', 'reset_password', 'change_email', 'undo_email',
        'password_changed', 'email_change_requested', 'email_taken', 'signed_in',
        'factor_added', 'factor_removed', 'passkey_added', 'passkey_removed', 'recovery_codes_made', 'mfa_turned_on',
        'mfa_turned_off'))
    """,
]
