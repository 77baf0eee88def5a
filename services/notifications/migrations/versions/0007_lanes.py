"""What a person waits for is mailed before what goes to many."""

from shared.database.migrate import execute_all

revision = "notifications_0007"
down_revision = "notifications_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Posts and messages that wait are moved to the second lane."""
    execute_all(
        [
            """
            alter table notifications.mails
                add column lane varchar(32) not null default 'awaited'
                    constraint ck_mails_lane check (lane in ('awaited', 'bulk'))
            """,
            """
            update notifications.mails set lane = 'bulk'
            where status = 'pending' and (template = 'post.published' or template like 'message.%')
            """,
            "drop index notifications.ix_mails_due",
            "create index ix_mails_due on notifications.mails (lane, next_try_at) where status = 'pending'",
        ]
    )
