"""Sign-in by providers outside: what is under way, who is linked, what is to be revoked there."""

from shared.database.migrate import execute_all

revision = "identity_0016"
down_revision = "identity_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates three tables and a column that is empty for everybody."""
    execute_all(CHANGES)


CHANGES = [
    "alter table identity.users add column providers text[] not null default '{}'",
    """
    create table identity.provider_tokens (
        id uuid constraint pk_provider_tokens primary key,
        provider varchar(30) not null,
        token bytea not null,
        created_at timestamptz not null,
        tries integer not null,
        next_try_at timestamptz,
        last_error text
    )
    """,
    "create index ix_provider_tokens_next_try_at on identity.provider_tokens (next_try_at)",
    """
    create table identity.social_identities (
        id uuid constraint pk_social_identities primary key,
        user_id uuid not null constraint fk_social_identities_user_id references identity.users (id),
        provider varchar(30) not null,
        issuer varchar(300) not null,
        subject varchar(255) not null,
        token_id uuid constraint fk_social_identities_token_id references identity.provider_tokens (id),
        created_at timestamptz not null,
        constraint uq_social_identities_issuer unique (issuer, subject)
    )
    """,
    "create index ix_social_identities_user_id on identity.social_identities (user_id)",
    "create index ix_social_identities_token_id on identity.social_identities (token_id)",
    """
    create table identity.social_attempts (
        id uuid constraint pk_social_attempts primary key,
        provider varchar(30) not null,
        mode varchar(32) not null constraint ck_social_attempts_mode check (mode in ('sign_in', 'link')),
        step varchar(32) not null constraint ck_social_attempts_step check (step in (
            'started', 'returned', 'code', 'ticket', 'second_step', 'done')),
        hash bytea not null constraint uq_social_attempts_hash unique
            constraint ck_social_attempts_hash check (length(hash) = 32),
        id_token_hash bytea constraint uq_social_attempts_id_token_hash unique,
        user_id uuid constraint fk_social_attempts_user_id references identity.users (id),
        redirect_uri varchar(2000),
        code_challenge varchar(43),
        issuer varchar(300),
        subject varchar(255),
        email public.citext,
        is_email_good boolean not null,
        first_name varchar(100) not null,
        last_name varchar(100) not null,
        token_id uuid constraint fk_social_attempts_token_id references identity.provider_tokens (id),
        created_at timestamptz not null,
        expires_at timestamptz not null,
        constraint ck_social_attempts_user check ((mode = 'link' or step = 'second_step') <= (user_id is not null)),
        constraint ck_social_attempts_said check ((step in ('code', 'ticket', 'second_step')) <= (issuer is not null)),
        constraint ck_social_attempts_subject check ((issuer is null) = (subject is null))
    )
    """,
    "create index ix_social_attempts_user_id on identity.social_attempts (user_id)",
    "create index ix_social_attempts_token_id on identity.social_attempts (token_id)",
    "create index ix_social_attempts_expires_at on identity.social_attempts (expires_at)",
    "create index ix_social_attempts_email on identity.social_attempts (email)",
    "alter table identity.mail_tokens drop constraint ck_mail_tokens_kind",
    """
    alter table identity.mail_tokens add constraint ck_mail_tokens_kind check (kind in (
        'verify_email', 'reset_password', 'change_email', 'undo_email',
        'password_changed', 'email_change_requested', 'email_taken', 'signed_in',
        'factor_added', 'factor_removed', 'passkey_added', 'passkey_removed', 'recovery_codes_made', 'mfa_turned_on',
        'mfa_turned_off', 'provider_linked', 'provider_unlinked'))
    """,
]
