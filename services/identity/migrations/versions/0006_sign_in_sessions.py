"""Names: sign-in sessions, and the reason of their end."""

from shared.database.migrate import execute_all

revision = "identity_0006"
down_revision = "identity_0005"
branch_labels = None
depends_on = None

CHANGES = [
    "alter table identity.sessions rename to sign_in_sessions",
    "alter table identity.sign_in_sessions rename column ended_why to end_reason",
    "alter table identity.sign_in_sessions rename constraint pk_sessions to pk_sign_in_sessions",
    "alter table identity.sign_in_sessions rename constraint fk_sessions_user_id to fk_sign_in_sessions_user_id",
    "alter table identity.sign_in_sessions rename constraint ck_sessions_end to ck_sign_in_sessions_end",
    "alter table identity.sign_in_sessions rename constraint ck_sessions_ended_why to ck_sign_in_sessions_end_reason",
    "alter index identity.ix_sessions_user_id rename to ix_sign_in_sessions_user_id",
    "alter index identity.ix_sessions_ended_at rename to ix_sign_in_sessions_ended_at",
    "alter index identity.ix_sessions_expires_at rename to ix_sign_in_sessions_expires_at",
]


def upgrade() -> None:
    """Renames; the data stays as it is."""
    execute_all(CHANGES)
