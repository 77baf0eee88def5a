"""What is still to come is found by client and by practitioner, however much lies behind them."""

from shared.database.migrate import execute_all

revision = "booking_0007"
down_revision = "booking_0006"
branch_labels = None
depends_on = None

COMING = "status in ('pending_payment', 'confirmed')"


def upgrade() -> None:
    """Adds the indexes."""
    execute_all(
        [
            f"create index ix_bookings_coming_of_client on booking.bookings (client_id) where {COMING}",
            f"""
            create index ix_bookings_coming_of_practitioner on booking.bookings (practitioner_user_id)
                where {COMING}
            """,
        ]
    )
