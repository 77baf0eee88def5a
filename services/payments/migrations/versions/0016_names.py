"""Tables and columns under the names of the vocabulary."""

from shared.database.migrate import execute_all

revision = "payments_0016"
down_revision = "payments_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Renames; the rows stay."""
    execute_all(
        [
            "alter table payments.sellers rename to practitioner_locks",
            "alter table payments.stripe_looks rename to stripe_list_reads",
            "alter table payments.stripe_list_reads rename column looked_until to read_until",
            "alter table payments.credit_uses rename column place to position",
        ]
    )
