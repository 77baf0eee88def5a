"""Paid tiers are plans of payments, which says who has subscribed to them."""

from shared.database.migrate import execute_all

revision = "streams_0010"
down_revision = "streams_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is above the free level becomes known to payments right after the start."""
    execute_all(
        [
            "alter table streams.streams add column tiers_version integer not null default 1",
            """
            create table streams.plan_updates (
                id uuid constraint pk_plan_updates primary key,
                stream_id uuid not null,
                level integer not null,
                practitioner_id uuid not null,
                name varchar(80) not null,
                price_amount bigint not null,
                currency varchar(3) not null,
                is_active boolean not null,
                version integer not null,
                created_at timestamptz not null,
                tries integer not null,
                next_try_at timestamptz,
                last_error text,
                constraint uq_plan_updates_stream_id unique (stream_id, level)
            )
            """,
            """
            insert into streams.plan_updates (id, stream_id, level, practitioner_id, name, price_amount, currency,
                is_active, version, created_at, tries, next_try_at)
            select gen_random_uuid(), stream_id, level, practitioner_id, name, price_amount, currency,
                true, 1, now(), 0, now()
            from streams.tiers join streams.streams on streams.id = stream_id where level > 0
            """,
            """
            create table streams.fan_subscriptions (
                id uuid constraint pk_fan_subscriptions primary key,
                stream_id uuid not null,
                user_id uuid not null,
                level integer not null,
                status varchar(32) not null,
                access_until timestamptz,
                version integer not null
            )
            """,
            "create index ix_fan_subscriptions_user_id on streams.fan_subscriptions (user_id, stream_id)",
            "create index ix_fan_subscriptions_stream_id on streams.fan_subscriptions (stream_id)",
        ]
    )
