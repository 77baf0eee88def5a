"""Whom a notification for staff is about, so that an erasure finds it."""

import sqlalchemy as sa
from alembic import op

revision = "notifications_0017"
down_revision = "notifications_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column. What staff have been notified of names whom the practitioner's own notification is for."""
    op.add_column("staff_notifications", sa.Column("about", sa.Uuid()), schema="notifications")
    op.execute("""
        update notifications.notifications of_staff set about = own.user_id from notifications.notifications own
        where of_staff.template = 'payout.needs_attention/staff' and of_staff.about is null
        and own.template = 'payout.needs_attention/practitioner' and own.data = of_staff.data
    """)
