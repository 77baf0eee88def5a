"""Notices and mails of unread messages; one more topic."""

from shared.database.migrate import execute_all

revision = "notifications_0002"
down_revision = "notifications_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The conversations in which somebody has unread messages."""
    execute_all(
        [
            "alter table notifications.preferences drop constraint ck_preferences_topic",
            """
            alter table notifications.preferences add constraint ck_preferences_topic
                check (topic in ('bookings', 'reminders', 'payments', 'account', 'messages'))
            """,
            """
            create table notifications.unread (
                user_id uuid not null,
                conversation_id uuid not null,
                first_message_id uuid not null,
                subject text,
                told_of uuid,
                mail_due_at timestamptz,
                constraint pk_unread primary key (user_id, conversation_id)
            )
            """,
            "create index ix_unread_mail_due_at on notifications.unread (mail_due_at) where mail_due_at is not null",
        ]
    )
