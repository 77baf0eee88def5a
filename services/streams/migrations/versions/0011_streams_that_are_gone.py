"""Payments learns that a stream is gone, and bills nobody for it any more."""

from shared.database.migrate import execute_all

revision = "streams_0011"
down_revision = "streams_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waits to be sent is of streams that are there."""
    execute_all(["alter table streams.plan_updates add column is_gone boolean not null default false"])
