"""Packages and bundles: what practitioners sell together."""

from shared.database.migrate import execute_all

revision = "catalog_0015"
down_revision = "catalog_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None is sold yet."""
    execute_all(
        [
            """
            create table catalog.packages (
                id uuid constraint pk_packages primary key,
                practitioner_id uuid not null
                    constraint fk_packages_practitioner_id references catalog.practitioners (id),
                kind varchar(32) not null constraint ck_packages_kind check (kind in ('package', 'bundle')),
                title varchar(200) not null,
                description text not null constraint ck_packages_description check (length(description) <= 10000),
                discount_percentage integer
                    constraint ck_packages_discount check (discount_percentage between 0 and 90),
                total_amount bigint constraint ck_packages_total_amount check (total_amount between 0 and 99999999),
                currency varchar(3) not null,
                valid_for_days integer not null constraint ck_packages_valid_for_days check (valid_for_days > 0),
                refund_days integer not null constraint ck_packages_refund_days check (refund_days >= 0),
                is_active boolean not null,
                version integer not null,
                created_at timestamptz not null,
                updated_at timestamptz not null,
                constraint ck_packages_discount_of_package
                    check ((kind = 'package') = (discount_percentage is not null)),
                constraint ck_packages_total_of_bundle check ((kind = 'bundle') = (total_amount is not null))
            )
            """,
            "create index ix_packages_practitioner_id on catalog.packages (practitioner_id)",
            """
            create table catalog.package_items (
                package_id uuid not null constraint fk_package_items_package_id references catalog.packages (id),
                position integer not null,
                quantity integer not null constraint ck_package_items_quantity check (quantity between 1 and 100),
                nested_id uuid constraint fk_package_items_nested_id references catalog.packages (id),
                constraint pk_package_items primary key (package_id, position)
            )
            """,
            "create index ix_package_items_nested_id on catalog.package_items (nested_id)",
            """
            create table catalog.package_services (
                package_id uuid not null,
                position integer not null,
                number integer not null,
                service_id uuid not null constraint fk_package_services_service_id references catalog.services (id),
                constraint pk_package_services primary key (package_id, position, service_id),
                constraint fk_package_services_item foreign key (package_id, position)
                    references catalog.package_items (package_id, position)
            )
            """,
            "create index ix_package_services_service_id on catalog.package_services (service_id)",
        ]
    )
