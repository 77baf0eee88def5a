"""Accounts that are suspended."""

from shared.database.migrate import execute_all

revision = "streams_0008"
down_revision = "streams_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is suspended."""
    execute_all(
        [
            """
            create table streams.suspensions (
                user_id uuid constraint pk_suspensions primary key,
                is_suspended boolean not null,
                changed_at timestamptz not null
            )
            """,
        ]
    )
