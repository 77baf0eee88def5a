"""Tables and columns have the names of the field: notifications, parameters of texts, deactivated users."""

from shared.database.migrate import execute_all

revision = "notifications_0009"
down_revision = "notifications_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames; all rows stay."""
    execute_all(RENAMES)


RENAMES = [
    "alter table notifications.notices rename to notifications",
    "alter table notifications.notifications rename column facts to params",
    "alter table notifications.notifications rename constraint notices_pkey to notifications_pkey",
    """
    alter table notifications.notifications
        rename constraint uq_notices_user_id_cause to uq_notifications_user_id_cause
    """,
    "alter index notifications.ix_notices_user_id_created_at rename to ix_notifications_user_id_created_at",
    "alter index notifications.ix_notices_unread rename to ix_notifications_unread",
    "alter index notifications.ix_notices_about rename to ix_notifications_about",
    "alter table notifications.mails rename column facts to params",
    """
    update notifications.mails set last_error = 'the attempt has not ended'
    where status = 'pending' and attempts > 0 and last_error is null
    """,
    "alter table notifications.unread rename to unread_conversations",
    "alter table notifications.unread_conversations rename column told_of to notified_message_id",
    "alter table notifications.unread_conversations rename constraint pk_unread to pk_unread_conversations",
    "alter index notifications.ix_unread_mail_due_at rename to ix_unread_conversations_mail_due_at",
    "alter table notifications.staff_news rename to staff_notifications",
    "alter table notifications.staff_notifications rename column facts to params",
    "alter table notifications.staff_notifications rename constraint staff_news_pkey to staff_notifications_pkey",
    """
    alter table notifications.staff_notifications
        rename constraint uq_staff_news_cause to uq_staff_notifications_cause
    """,
    "alter table notifications.departures rename to deactivated_users",
    "alter table notifications.deactivated_users rename constraint departures_pkey to deactivated_users_pkey",
]
