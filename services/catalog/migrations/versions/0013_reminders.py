"""When both sides of a service's bookings are reminded."""

from shared.database.migrate import execute_all

revision = "catalog_0013"
down_revision = "catalog_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now a day and half an hour before."""
    execute_all(
        [
            """
            alter table catalog.services add column reminders_minutes integer[] not null default '{1440,30}'
                constraint ck_services_reminders check (cardinality(reminders_minutes) <= 5)
            """
        ]
    )
