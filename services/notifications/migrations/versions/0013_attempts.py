"""Mails have the columns that all work has which is tried again."""

from shared.database.migrate import execute_all

revision = "notifications_0013"
down_revision = "notifications_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames; the rows stay."""
    execute_all(
        [
            "alter table notifications.mails rename column attempts to tries",
            "alter table notifications.mails rename constraint ck_mails_attempts to ck_mails_tries",
            "alter table notifications.mails alter column next_try_at drop not null",
        ]
    )
