"""Plans and their prices."""

from shared.database.migrate import execute_all

revision = "payments_0024"
down_revision = "payments_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables; the first start fills them with the plans that every install begins with."""
    execute_all(
        [
            """
            create table payments.plans (
                id uuid constraint pk_plans primary key,
                kind varchar(32) not null constraint ck_plans_kind check (kind in ('platform', 'organizer')),
                code varchar(40) not null constraint uq_plans_code unique,
                name varchar(100) not null,
                level integer not null constraint ck_plans_level check (level >= 0),
                trial_days integer not null constraint ck_plans_trial_days check (trial_days >= 0),
                features jsonb not null,
                is_active boolean not null,
                version integer not null,
                created_at timestamptz not null,
                updated_at timestamptz not null
            )
            """,
            """
            create table payments.plan_prices (
                plan_id uuid not null constraint fk_plan_prices_plan_id references payments.plans (id),
                interval varchar(32) not null
                    constraint ck_plan_prices_interval check (interval in ('month', 'year')),
                currency varchar(3) not null,
                amount bigint not null constraint ck_plan_prices_amount check (amount between 0 and 99999999),
                constraint pk_plan_prices primary key (plan_id, interval)
            )
            """,
        ]
    )
