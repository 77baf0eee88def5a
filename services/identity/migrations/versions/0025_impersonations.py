"""Sessions of staff in a person's place."""

from shared.database.migrate import execute_all

revision = "identity_0025"
down_revision = "identity_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody acts in another's place yet."""
    execute_all(CHANGES)


CHANGES = [
    """
    alter table identity.sign_in_sessions
        add column actor_id uuid,
        add constraint ck_sign_in_sessions_actor check ((kind = 'impersonation') = (actor_id is not null))
    """,
    "create index ix_sign_in_sessions_actor_id on identity.sign_in_sessions (actor_id) where actor_id is not null",
    "alter table identity.mail_tokens drop constraint ck_mail_tokens_kind",
    """
    alter table identity.mail_tokens add constraint ck_mail_tokens_kind check (kind in (
        'verify_email', 'reset_password', 'change_email', 'undo_email',
        'password_changed', 'email_change_requested', 'email_taken', 'signed_in',
        'factor_added', 'factor_removed', 'passkey_added', 'passkey_removed', 'recovery_codes_made', 'mfa_turned_on',
        'mfa_turned_off', 'provider_linked', 'provider_unlinked', 'account_erased',
        'api_key_made', 'api_key_ended', 'accept_invitation', 'impersonated'))
    """,
]
