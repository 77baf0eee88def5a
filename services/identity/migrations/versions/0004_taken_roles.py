"""Sessions end with a role that is taken."""

from shared.database.migrate import execute_all

revision = "identity_0004"
down_revision = "identity_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more reason for which a session ends."""
    execute_all(
        [
            "alter table identity.sessions drop constraint ck_sessions_ended_why",
            """
            alter table identity.sessions add constraint ck_sessions_ended_why
                check (ended_why in ('logout', 'refresh_reused', 'deactivated', 'role_taken'))
            """,
        ]
    )
