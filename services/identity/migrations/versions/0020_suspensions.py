"""Accounts that are suspended, and roles that staff grant."""

from shared.database.migrate import execute_all

revision = "identity_0020"
down_revision = "identity_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is suspended and nobody has one of the new roles."""
    execute_all(CHANGES)


CHANGES = [
    """
    alter table identity.users
        add column suspended_at timestamptz,
        add column granted_roles text[] not null default '{}'
    """,
    "alter table identity.sign_in_sessions drop constraint ck_sign_in_sessions_end_reason",
    """
    alter table identity.sign_in_sessions add constraint ck_sign_in_sessions_end_reason check (end_reason in (
        'logout', 'refresh_reused', 'deactivated', 'role_taken', 'password_changed', 'email_changed', 'ended',
        'key_ended', 'suspended'))
    """,
]
