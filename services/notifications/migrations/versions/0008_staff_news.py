"""What all staff are to be told waits until it is known who they are."""

from shared.database.migrate import execute_all

revision = "notifications_0008"
down_revision = "notifications_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds a table."""
    execute_all(
        [
            """
            create table notifications.staff_news (
                id uuid primary key,
                cause text not null constraint uq_staff_news_cause unique,
                template text not null,
                facts jsonb not null,
                data jsonb not null,
                created_at timestamptz not null
            )
            """,
        ]
    )
