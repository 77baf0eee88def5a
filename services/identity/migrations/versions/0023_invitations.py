"""Invitations, and mails to people who need not have an account."""

from shared.database.migrate import execute_all

revision = "identity_0023"
down_revision = "identity_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is invited yet."""
    execute_all(CHANGES)


CHANGES = [
    "alter table identity.mail_tokens drop constraint ck_mail_tokens_kind",
    """
    alter table identity.mail_tokens add constraint ck_mail_tokens_kind check (kind in (
        'verify_email', 'reset_password', 'change_email', 'undo_email',
        'password_changed', 'email_change_requested', 'email_taken', 'signed_in',
        'factor_added', 'factor_removed', 'passkey_added', 'passkey_removed', 'recovery_codes_made', 'mfa_turned_on',
        'mfa_turned_off', 'provider_linked', 'provider_unlinked', 'account_erased',
        'api_key_made', 'api_key_ended', 'accept_invitation'))
    """,
    "alter table identity.mail_tokens drop constraint ck_mail_tokens_user",
    """
    alter table identity.mail_tokens add constraint ck_mail_tokens_user check (
        user_id is not null or kind = 'accept_invitation' or (kind = 'reset_password' and announced_at is null))
    """,
    """
    create table identity.staff_invitations (
        id uuid constraint pk_staff_invitations primary key,
        email public.citext not null,
        roles text[] not null constraint ck_staff_invitations_roles check (cardinality(roles) > 0),
        invited_by uuid not null,
        mail_id uuid not null constraint uq_staff_invitations_mail_id unique,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        accepted_at timestamptz,
        accepted_by uuid constraint fk_staff_invitations_accepted_by references identity.users (id),
        withdrawn_at timestamptz,
        constraint ck_staff_invitations_end check (accepted_at is null or withdrawn_at is null),
        constraint ck_staff_invitations_accepted_by check ((accepted_at is null) = (accepted_by is null))
    )
    """,
    """
    create unique index uq_staff_invitations_open on identity.staff_invitations (email)
        where accepted_at is null and withdrawn_at is null
    """,
    "create index ix_staff_invitations_expires_at on identity.staff_invitations (expires_at)",
]
