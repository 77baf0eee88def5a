"""What closes expired orders looks at authorised ones too: those that credits alone pay end nowhere else."""

from shared.database.migrate import execute_all

revision = "payments_0031"
down_revision = "payments_0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The release before finds the open ones by it as well."""
    execute_all(
        [
            "create index ix_orders_unpaid on payments.orders (expires_at) where status in ('open', 'authorized')",
            "drop index payments.ix_orders_open",
        ]
    )
