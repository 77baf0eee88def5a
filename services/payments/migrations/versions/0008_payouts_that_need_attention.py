"""Payouts that cannot go on by themselves."""

from shared.database.migrate import execute_all

revision = "payments_0008"
down_revision = "payments_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the state, and since when calls fail and a bank has the money; that counts from the approval at first."""
    execute_all(
        [
            """
            alter table payments.payouts
                add column failing_since timestamptz,
                add column fault text,
                add column at_bank_since timestamptz,
                drop constraint ck_payouts_status,
                add constraint ck_payouts_status check
                    (status in ('eligible', 'processing', 'needs_attention', 'paid', 'rejected', 'failed')),
                add constraint ck_payouts_fault check ((status = 'needs_attention') = (fault is not null))
            """,
            """
            update payments.payouts set at_bank_since = approved_at
                where status = 'processing' and bank_payout_id is not null
                    and coalesce(bank_state, 'pending') in ('pending', 'in_transit')
            """,
            "alter table payments.payout_accounts add column batch_failed_at timestamptz",
        ]
    )
