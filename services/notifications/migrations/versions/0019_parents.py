"""A booking of several sessions holds no seat itself."""

from shared.database.migrate import execute_all

revision = "notifications_0019"
down_revision = "notifications_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There are none so far."""
    execute_all(["alter table notifications.bookings add column is_parent boolean not null default false"])
