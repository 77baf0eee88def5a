"""A person's zone is null until they name one."""

from alembic import op

revision = "notifications_0005"
down_revision = "notifications_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Zones that are there stay: whether they were named is not known."""
    op.execute("alter table notifications.people alter column timezone drop not null")
