"""Practitioners, categories, services with their search columns, audit log."""

from shared.database.migrate import create_system_tables, execute_all

revision = "catalog_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables and the categories that are always there."""
    create_system_tables("catalog")
    execute_all([*FUNCTIONS, *TABLES, *CATEGORIES])


# unaccent and array_to_string are only STABLE (a dictionary can be exchanged, an element's output could depend on
# settings). Naming the dictionary, and texts only, make them as good as immutable, which generated columns demand.
FUNCTIONS = [
    """
    create function catalog.fold(given text) returns text language sql immutable parallel safe strict
    return lower(public.unaccent('public.unaccent'::regdictionary, given))
    """,
    """
    create function catalog.joined(given text[]) returns text language sql immutable parallel safe strict
    return array_to_string(given, ' ')
    """,
]

TABLES = [
    """
    create table catalog.practitioners (
        id uuid constraint pk_practitioners primary key,
        user_id uuid not null constraint uq_practitioners_user_id unique,
        display_name varchar(120) not null,
        bio text not null constraint ck_practitioners_bio check (length(bio) <= 10000),
        specializations text[] not null,
        timezone varchar(64) not null,
        status varchar(32) not null constraint ck_practitioners_status
            check (status in ('pending', 'approved', 'needs_changes', 'rejected')),
        note text constraint ck_practitioners_note check (length(note) <= 2000),
        version integer not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        folded text not null generated always as (
            catalog.fold(display_name || ' ' || catalog.joined(specializations))
        ) stored,
        document tsvector not null generated always as (
            setweight(to_tsvector('simple'::regconfig, catalog.fold(display_name)), 'A')
            || setweight(to_tsvector('english'::regconfig, catalog.fold(catalog.joined(specializations))), 'B')
            || setweight(to_tsvector('english'::regconfig, catalog.fold(bio)), 'C')
        ) stored
    )
    """,
    "create index ix_practitioners_status on catalog.practitioners (status, created_at, id)",
    "create index ix_practitioners_folded on catalog.practitioners using gin (folded public.gin_trgm_ops)",
    "create index ix_practitioners_document on catalog.practitioners using gin (document)",
    """
    create table catalog.categories (
        slug varchar(40) constraint pk_categories primary key,
        name varchar(80) not null,
        position integer not null
    )
    """,
    """
    create table catalog.services (
        id uuid constraint pk_services primary key,
        practitioner_id uuid not null constraint fk_services_practitioner_id references catalog.practitioners (id),
        service_type varchar(32) not null constraint ck_services_service_type
            check (service_type in ('session', 'workshop', 'course')),
        title varchar(200) not null,
        description text not null constraint ck_services_description check (length(description) <= 10000),
        category varchar(40) not null constraint fk_services_category references catalog.categories (slug),
        price_amount bigint not null constraint ck_services_price_amount check (price_amount between 0 and 99999999),
        currency varchar(3) not null,
        duration_minutes integer not null constraint ck_services_duration check (duration_minutes > 0),
        max_participants integer not null constraint ck_services_max_participants check (max_participants > 0),
        delivery varchar(32) not null constraint ck_services_delivery check (delivery in ('online', 'in_person')),
        buffer_before_minutes integer not null constraint ck_services_before check (buffer_before_minutes >= 0),
        buffer_after_minutes integer not null constraint ck_services_after check (buffer_after_minutes >= 0),
        min_notice_minutes integer not null constraint ck_services_notice check (min_notice_minutes >= 0),
        own_interval_minutes integer constraint ck_services_interval check (own_interval_minutes > 0),
        horizon_days integer not null constraint ck_services_horizon check (horizon_days > 0),
        is_active boolean not null,
        version integer not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        folded text not null generated always as (catalog.fold(title)) stored,
        document tsvector not null generated always as (
            setweight(to_tsvector('english'::regconfig, catalog.fold(title)), 'A')
            || setweight(to_tsvector('english'::regconfig, category), 'B')
            || setweight(to_tsvector('english'::regconfig, catalog.fold(description)), 'C')
        ) stored
    )
    """,
    "create index ix_services_practitioner_id on catalog.services (practitioner_id)",
    "create index ix_services_created_at on catalog.services (created_at desc, id desc) where is_active",
    "create index ix_services_price on catalog.services (price_amount, id) where is_active",
    "create index ix_services_category on catalog.services (category, created_at) where is_active",
    "create index ix_services_folded on catalog.services using gin (folded public.gin_trgm_ops)",
    "create index ix_services_document on catalog.services using gin (document)",
    """
    create table catalog.audit_log (
        id uuid constraint pk_audit_log primary key,
        actor_id uuid not null,
        action varchar(60) not null,
        subject_id uuid not null,
        before jsonb not null,
        after jsonb not null,
        created_at timestamptz not null
    )
    """,
    "create index ix_audit_log_subject_id on catalog.audit_log (subject_id)",
    "revoke update, delete on catalog.audit_log from estuary_catalog",
]

CATEGORIES = [
    """
    insert into catalog.categories (slug, name, position) values
    ('wellness', 'Wellness', 1), ('yoga', 'Yoga', 2), ('therapy', 'Therapy', 3), ('coaching', 'Coaching', 4),
    ('teaching', 'Teaching', 5), ('music', 'Music', 6), ('fitness', 'Fitness', 7), ('events', 'Events', 8),
    ('other', 'Other', 9)
    """
]
