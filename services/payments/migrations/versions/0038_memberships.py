"""Plans for members, and what their paid periods grant."""

from shared.database.migrate import execute_all

revision = "payments_0038"
down_revision = "payments_0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There are no memberships yet."""
    execute_all(
        [
            """
            alter table payments.plans
                drop constraint ck_plans_kind,
                add constraint ck_plans_kind check (kind in ('platform', 'organizer', 'membership'))
            """,
            """
            alter table payments.subscriptions
                drop constraint ck_subscriptions_kind,
                add constraint ck_subscriptions_kind check (kind in ('platform', 'organizer', 'membership'))
            """,
            """
            alter table payments.credit_grants
                drop constraint ck_credit_grants_source,
                add constraint ck_credit_grants_source
                    check (source in ('purchase', 'promotion', 'membership', 'transfer'))
            """,
            """
            alter table payments.ledger_accounts
                drop constraint ck_ledger_accounts_kind,
                add constraint ck_ledger_accounts_kind check (kind in ('stripe_clearing', 'connected_clearing',
                    'client_credits', 'client_debt', 'credits_held', 'credits_expired', 'order_escrow',
                    'seller_pending', 'seller_available', 'seller_in_payout', 'seller_debt', 'platform_revenue',
                    'subscription_revenue', 'promotion_costs', 'processor_fees', 'refunds_owed', 'paid_outside'))
            """,
            """
            create table payments.membership_grants (
                id uuid constraint pk_membership_grants primary key,
                subscription_id uuid not null
                    constraint fk_membership_grants_subscription_id references payments.subscriptions (id),
                number integer not null,
                order_id uuid not null constraint uq_membership_grants_order_id unique,
                user_id uuid not null,
                currency varchar(3) not null,
                credits bigint not null constraint ck_membership_grants_credits check (credits >= 0),
                sessions integer not null constraint ck_membership_grants_sessions check (sessions >= 0),
                session_value bigint not null
                    constraint ck_membership_grants_session_value check (session_value >= 0),
                start_at timestamptz not null,
                end_at timestamptz not null,
                taken_back_at timestamptz,
                created_at timestamptz not null,
                constraint ck_membership_grants_end_at check (start_at < end_at)
            )
            """,
            """
            create index ix_membership_grants_subscription_id
                on payments.membership_grants (subscription_id, end_at)
            """,
        ]
    )
