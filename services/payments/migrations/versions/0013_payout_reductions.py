"""Parts of transfers that are taken back for refunds."""

from shared.database.migrate import execute_all

revision = "payments_0013"
down_revision = "payments_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table, and lets calls to Stripe have its purpose."""
    execute_all(
        [
            """
            create table payments.payout_reductions (
                id uuid primary key,
                payout_id uuid not null references payments.payouts (id),
                refund_id uuid not null references payments.refunds (id),
                amount bigint not null constraint ck_payout_reductions_amount check (amount > 0),
                reversal_id text unique,
                reason text,
                created_at timestamptz not null,
                ended_at timestamptz,
                constraint uq_payout_reductions_refund_id_payout_id unique (refund_id, payout_id),
                constraint ck_payout_reductions_reversal check (reversal_id is null or ended_at is not null)
            )
            """,
            "create index ix_payout_reductions_payout_id on payments.payout_reductions (payout_id)",
            """
            alter table payments.provider_calls
                drop constraint ck_provider_calls_purpose,
                add constraint ck_provider_calls_purpose
                    check (purpose in ('refund', 'transfer', 'reversal', 'bank_payout', 'reduction'))
            """,
        ]
    )
