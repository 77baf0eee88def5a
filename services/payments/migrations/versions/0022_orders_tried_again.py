"""An order that cannot be closed, or of which Stripe cannot be asked, waits ever longer and says why."""

from shared.database.migrate import execute_all

revision = "payments_0022"
down_revision = "payments_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing has failed so far; the default is for the release before, which does not know the column."""
    execute_all(
        [
            """
            alter table payments.orders
                add column tries integer not null default 0,
                add column next_try_at timestamptz,
                add column last_error text
            """,
        ]
    )
