"""Texts name the other side of a booking, and forget the name when that person is gone."""

from shared.database.migrate import execute_all

revision = "notifications_0006"
down_revision = "notifications_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there names nobody."""
    execute_all(
        [
            """
            create table notifications.practitioners (
                user_id uuid primary key,
                display_name text not null,
                version integer not null
            )
            """,
            """
            create table notifications.departures (
                user_id uuid primary key,
                created_at timestamptz not null
            )
            """,
            "alter table notifications.notices add column template text, add column about uuid",
            "alter table notifications.notices add column facts jsonb not null default '{}'",
            "create index ix_notices_about on notifications.notices (about) where about is not null",
            "alter table notifications.mails add column about uuid",
            "create index ix_mails_about on notifications.mails (about) where about is not null",
            "alter table notifications.bookings add column terms jsonb not null default '{}'",
            "create index ix_bookings_client_id on notifications.bookings (client_id)",
        ]
    )
