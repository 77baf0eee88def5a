"""A practitioner's subscription says which plan they are on."""

from shared.database.migrate import execute_all

revision = "payments_0033"
down_revision = "payments_0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody could choose the plan of that column."""
    execute_all(["alter table payments.commission_terms drop column plan"])
