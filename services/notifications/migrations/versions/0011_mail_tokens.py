"""Mails of other services, whose address and text are asked for when they are sent."""

from shared.database.migrate import execute_all

revision = "notifications_0011"
down_revision = "notifications_0010"
branch_labels = None
depends_on = None

CHANGES = [
    "alter table notifications.mails alter column user_id drop not null",
    "alter table notifications.mails add column mail_token_id uuid constraint uq_mails_mail_token_id unique",
    """
    alter table notifications.mails add constraint ck_mails_recipient
        check ((user_id is null) = (mail_token_id is not null))
    """,
]


def upgrade() -> None:
    """Adds the mail's id at its service; such a mail has no recipient here."""
    execute_all(CHANGES)
