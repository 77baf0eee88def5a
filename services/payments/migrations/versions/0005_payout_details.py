"""The bank account that a practitioner's Stripe account pays to."""

from shared.database.migrate import execute_all

revision = "payments_0005"
down_revision = "payments_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the default bank account as it was seen last; it is learned when Stripe is asked next."""
    execute_all(["alter table payments.payout_accounts add column bank text"])
