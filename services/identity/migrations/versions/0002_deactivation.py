"""Accounts that are no more."""

from shared.database.migrate import execute_all

revision = "identity_0002"
down_revision = "identity_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A moment per account, and one more reason for which a session ends."""
    execute_all(
        [
            "alter table identity.users add column deactivated_at timestamptz",
            "alter table identity.sessions drop constraint sessions_ended_why_check",
            """
            alter table identity.sessions add constraint ck_sessions_ended_why
                check (ended_why in ('logout', 'refresh_reused', 'deactivated'))
            """,
        ]
    )
