"""The policies of a service: how it is cancelled, and how its bookings are moved."""

from shared.database.migrate import execute_all

revision = "catalog_0012"
down_revision = "catalog_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Services of before have the install's."""
    execute_all(
        [
            """
            alter table catalog.services
                add column cancel_policy jsonb,
                add column reschedule_hours integer
                    constraint ck_services_reschedule check (reschedule_hours >= 0),
                add column max_reschedules integer
                    constraint ck_services_max_reschedules check (max_reschedules >= 0)
            """
        ]
    )
