"""Work that is tried again has the columns that all such work has, and says why it waits."""

from shared.database.migrate import execute_all

revision = "payments_0019"
down_revision = "payments_0018"
branch_labels = None
depends_on = None

UNKNOWN = "'the reason was not kept'"


def upgrade() -> None:
    """Renames; what has waited since before reasons were kept says so."""
    execute_all(
        [
            "alter table payments.stripe_events rename column error to last_error",
            "alter table payments.stripe_events alter column next_try_at drop not null",
            "alter table payments.refunds rename column error to last_error",
            "alter table payments.payouts rename column fault to last_error",
            """
            alter table payments.payouts
                drop constraint ck_payouts_fault,
                add constraint ck_payouts_last_error check (status <> 'needs_attention' or last_error is not null)
            """,
            f"""
            update payments.refunds set last_error = {UNKNOWN}
                where last_error is null and (status = 'failed' or status = 'pending' and tries > 0)
            """,
            f"""
            update payments.payouts set last_error = {UNKNOWN}
                where last_error is null and next_try_at is not null and tries > 0
            """,
            """
            alter table payments.payout_accounts
                add column tries integer not null default 0,
                add column next_try_at timestamptz,
                add column last_error text,
                drop column batch_failed_at
            """,
            "alter table payments.payout_accounts alter column tries drop default",
        ]
    )
