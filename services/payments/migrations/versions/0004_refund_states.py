"""Refunds that fail later, what is owed for them, and what settles it."""

from shared.database.migrate import execute_all

revision = "payments_0004"
down_revision = "payments_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the state `failed`, the column `settles` and the ledger's account for what is owed."""
    execute_all(
        [
            """
            alter table payments.refunds
                add column settles bigint not null default 0,
                add constraint ck_refunds_settles check (settles between 0 and card),
                drop constraint ck_refunds_status,
                add constraint ck_refunds_status check (status in ('pending', 'succeeded', 'failed'))
            """,
            "alter table payments.refunds alter column settles drop default",
            """
            alter table payments.ledger_accounts
                drop constraint ck_ledger_accounts_kind,
                add constraint ck_ledger_accounts_kind check (kind in ('stripe_clearing', 'connected_clearing',
                    'client_credits', 'credits_held', 'credits_expired', 'order_escrow', 'seller_pending',
                    'seller_available', 'seller_in_payout', 'seller_debt', 'platform_revenue', 'processor_fees',
                    'refunds_owed'))
            """,
            "create index ix_orders_charge_id on payments.orders (charge_id) where charge_id is not null",
        ]
    )
