"""What Stripe's lists say."""

from shared.database.migrate import execute_all

revision = "payments_0012"
down_revision = "payments_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables of the objects and of how far the lists were read."""
    execute_all(
        [
            """
            create table payments.stripe_records (
                id text constraint pk_stripe_records primary key,
                kind varchar(32) not null constraint ck_stripe_records_kind check (kind in ('transfer', 'refund')),
                currency varchar(3) not null,
                amount bigint not null,
                returned bigint not null constraint ck_stripe_records_returned check (returned between 0 and amount),
                status text,
                refers_to text,
                our_id text,
                created_at timestamptz not null,
                found_at timestamptz not null,
                seen_at timestamptz not null
            )
            """,
            """
            create table payments.stripe_looks (
                kind varchar(32) constraint pk_stripe_looks primary key
                    constraint ck_stripe_looks_kind check (kind in ('transfer', 'refund')),
                since timestamptz,
                began_at timestamptz,
                cursor text,
                looked_until timestamptz,
                due_at timestamptz not null,
                constraint ck_stripe_looks_under_way check ((since is null) = (began_at is null)),
                constraint ck_stripe_looks_cursor check (cursor is null or since is not null)
            )
            """,
        ]
    )
