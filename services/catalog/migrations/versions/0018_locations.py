"""Locations of practitioners, and at which of them services take place."""

from shared.database.migrate import execute_all

revision = "catalog_0018"
down_revision = "catalog_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now services said nothing about it."""
    execute_all(
        [
            """
            create table catalog.locations (
                id uuid constraint pk_locations primary key,
                practitioner_id uuid not null constraint fk_locations_practitioner_id_practitioners
                    references catalog.practitioners (id),
                name varchar(200) not null,
                is_virtual boolean not null,
                is_primary boolean not null,
                line1 varchar(200),
                line2 varchar(200),
                city varchar(120),
                region varchar(120),
                postal_code varchar(20),
                country varchar(2),
                lat double precision,
                lon double precision,
                visibility varchar(32) not null
                    constraint ck_locations_visibility check (visibility in ('public', 'area')),
                directions text,
                created_at timestamptz not null,
                updated_at timestamptz not null,
                constraint ck_locations_address check (
                    case when is_virtual then coalesce(line1, line2, city, region, postal_code, country) is null
                    else line1 is not null and city is not null and country is not null end
                ),
                constraint ck_locations_point check ((lat is null) = (lon is null))
            )
            """,
            "create index ix_locations_practitioner_id on catalog.locations (practitioner_id)",
            "create unique index uq_locations_primary on catalog.locations (practitioner_id) where is_primary",
            "alter table catalog.services add column location_ids uuid[] not null default '{}'",
        ]
    )
