"""What clients owe, refunds that Stripe refuses, and the Stripe account of the install."""

from shared.database.migrate import execute_all

revision = "payments_0014"
down_revision = "payments_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the ledger's account, the line of the credits' history, and two columns."""
    execute_all(
        [
            """
            alter table payments.ledger_accounts
                drop constraint ck_ledger_accounts_kind,
                add constraint ck_ledger_accounts_kind check (kind in ('stripe_clearing', 'connected_clearing',
                    'client_credits', 'client_debt', 'credits_held', 'credits_expired', 'order_escrow',
                    'seller_pending', 'seller_available', 'seller_in_payout', 'seller_debt', 'platform_revenue',
                    'processor_fees', 'refunds_owed', 'paid_outside'))
            """,
            """
            alter table payments.credit_entries
                drop constraint ck_credit_entries_kind,
                add constraint ck_credit_entries_kind check (kind in ('purchased', 'granted', 'spent', 'refunded',
                    'reversed', 'expired', 'transferred_out', 'transferred_in'))
            """,
            "alter table payments.refunds add column failing_since timestamptz",
            "create index ix_refunds_failing_since on payments.refunds (failing_since) where failing_since is not null",
            "alter table payments.install add column stripe_platform text",
        ]
    )
