"""Time that practitioners take off."""

from shared.database.migrate import execute_all

revision = "booking_0020"
down_revision = "booking_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A process of the release before books in it all the same, as it does not look."""
    execute_all(
        [
            """
            create table booking.time_off (
                id uuid constraint pk_time_off primary key,
                practitioner_id uuid not null,
                start_time timestamptz not null,
                end_time timestamptz not null,
                note text,
                created_at timestamptz not null,
                constraint ck_time_off_times check (start_time < end_time)
            )
            """,
            "create index ix_time_off_practitioner_id on booking.time_off (practitioner_id, end_time)",
        ]
    )
