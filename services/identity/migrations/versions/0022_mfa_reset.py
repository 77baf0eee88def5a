"""Sessions that end because staff took the second factors of an account."""

from shared.database.migrate import execute_all

revision = "identity_0022"
down_revision = "identity_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more reason why a session ends."""
    execute_all(CHANGES)


CHANGES = [
    "alter table identity.sign_in_sessions drop constraint ck_sign_in_sessions_end_reason",
    """
    alter table identity.sign_in_sessions add constraint ck_sign_in_sessions_end_reason check (end_reason in (
        'logout', 'refresh_reused', 'deactivated', 'role_taken', 'password_changed', 'email_changed', 'ended',
        'key_ended', 'suspended', 'revoked', 'code_reused', 'client_removed', 'mfa_reset'))
    """,
]
