"""Practitioners' plans, and why a service is off sale."""

from shared.database.migrate import execute_all

revision = "catalog_0011"
down_revision = "catalog_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a plan yet; what is on sale stays so until a practitioner's next change."""
    execute_all(
        [
            """
            create table catalog.platform_subscriptions (
                id uuid constraint pk_platform_subscriptions primary key,
                practitioner_id uuid not null,
                service_limit integer,
                access_until timestamptz,
                version integer not null
            )
            """,
            """
            create index ix_platform_subscriptions_practitioner_id
                on catalog.platform_subscriptions (practitioner_id)
            """,
            """
            alter table catalog.services add column inactive_reason varchar(32)
                constraint ck_services_inactive_reason check (inactive_reason in ('plan_limit'))
            """,
        ]
    )
