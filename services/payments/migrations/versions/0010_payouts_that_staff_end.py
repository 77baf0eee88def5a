"""Payouts that staff end or mark paid."""

from shared.database.migrate import execute_all

revision = "payments_0010"
down_revision = "payments_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what staff decided, and the ledger's account for what was paid in another way."""
    execute_all(
        [
            """
            alter table payments.payouts
                add column ending boolean not null default false,
                add column reference text
            """,
            """
            alter table payments.ledger_accounts
                drop constraint ck_ledger_accounts_kind,
                add constraint ck_ledger_accounts_kind check (kind in ('stripe_clearing', 'connected_clearing',
                    'client_credits', 'credits_held', 'credits_expired', 'order_escrow', 'seller_pending',
                    'seller_available', 'seller_in_payout', 'seller_debt', 'platform_revenue', 'processor_fees',
                    'refunds_owed', 'paid_outside'))
            """,
        ]
    )
