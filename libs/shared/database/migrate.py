"""Migrations: one alembic environment for every schema, with a version table and a role each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.connections import engine_of

EXTENSIONS = ("btree_gist", "pg_trgm", "citext", "unaccent", "cube", "earthdistance")
ENVIRONMENT = Path(__file__).parent / "alembic"
AUDIT = Path(__file__).parent / "audit.sql"
AUDIT_CHAIN = Path(__file__).parent / "audit_chain.sql"


def role_of(schema: str) -> str:
    """The role that owns no table, and may use only those of its schema."""
    return f"estuary_{schema}"


async def upgrade(url: str, schema: str, versions: Path, *, to: str = "head") -> bool:
    """Brings one schema to its newest version, or to that one, as the owner in `url`; returns whether anything was to
    do.

    Safe to run in several processes at once: they take turns under a lock.
    """
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            wanted = newest_version(versions) if to == "head" else to
            if await present_version(connection, schema) == wanted:
                return False
            await connection.rollback()
            await connection.execute(text("select pg_advisory_lock(hashtext('estuary.migrate'))"))
            await connection.commit()  # arch: allow commit: migrations run before any Database exists
            await _prepare(connection, schema)
            await connection.run_sync(_upgrade, schema, versions, to)
            await connection.execute(text("select pg_advisory_unlock_all()"))
            await connection.commit()  # arch: allow commit: migrations run before any Database exists
            return True
    finally:
        await engine.dispose()


async def present_version(connection: AsyncConnection, schema: str) -> str | None:
    """The version that the schema is at, or None where it was never migrated, or not even its first migration ended."""
    exists = await connection.scalar(text("select to_regclass(:name)"), {"name": f"{schema}.alembic_version"})
    if exists is None:
        return None
    version: str | None = await connection.scalar(text(f"select version_num from {schema}.alembic_version"))
    return version


def newest_version(versions: Path) -> str | None:
    """The head revision of the migrations in that folder."""
    return ScriptDirectory.from_config(configuration("", versions)).get_current_head()


def configuration(schema: str, versions: Path, connection: Connection | None = None) -> Config:
    """What alembic is called with for that schema."""
    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(schema=schema, connection=connection)
    return config


def _upgrade(connection: Connection, schema: str, versions: Path, to: str) -> None:
    command.upgrade(configuration(schema, versions, connection), to)


async def _prepare(connection: AsyncConnection, schema: str) -> None:
    role = role_of(schema)
    statements = [
        *(f"create extension if not exists {extension} with schema public" for extension in EXTENSIONS),
        f"create schema if not exists {schema}",
        f"do $$ begin create role {role} nologin; exception when duplicate_object then null; end $$",
        f"do $$ begin execute format('grant {role} to %I', current_user); end $$",
        f"grant usage on schema {schema} to {role}",
        f"alter default privileges in schema {schema} grant select, insert, update, delete on tables to {role}",
        f"alter default privileges in schema {schema} grant usage, select on sequences to {role}",
        f"alter default privileges in schema {schema} grant execute on functions to {role}",
    ]
    for statement in statements:
        await connection.execute(text(statement))
    await connection.commit()  # arch: allow commit: migrations run before any Database exists


def run(config: Any, context: Any) -> None:
    """What alembic's environment file calls: one transaction per migration, version table in the schema itself."""
    connection: Connection = config.attributes["connection"]
    schema = config.attributes["schema"]
    context.configure(connection=connection, version_table_schema=schema, transaction_per_migration=True)
    with context.begin_transaction():
        connection.exec_driver_sql("set local lock_timeout = '5s'")
        connection.exec_driver_sql(f"set local search_path = {schema}, public")
        context.run_migrations()
    connection.commit()  # arch: allow commit: migrations run before any Database exists


def create_system_tables(schema: str) -> None:
    """Creates outbox, inbox, parked and idempotency: the first line of a schema's first migration."""
    for statement in SYSTEM_TABLES.format(schema=schema).split(";\n"):
        op.execute(statement)


def create_audit(schema: str, earlier: str | None = None) -> None:
    """Creates the schema's audit log, or makes it of the table `earlier`, and says who may change what of it."""
    if earlier is not None:
        execute_all(_taking_over(schema, earlier))
    execute_file(AUDIT, schema)


def execute_file(file: Path, schema: str) -> None:
    """Runs the statements of a `.sql` file that stands beside its models: functions and triggers as they are now.

    Each can be run again: the drift test compares a migrated schema with the files.
    """
    execute_all(statements_of(file, schema))


def statements_of(file: Path, schema: str) -> list[str]:
    """The file's statements, which blank lines separate, but for those within a body; `{schema}` is filled in."""
    found = [""]
    for part in file.read_text().replace("{schema}", schema).strip().split("\n\n"):
        inside = found[-1].count("$$") % 2 == 1
        found[-1:] = [f"{found[-1]}\n\n{part}"] if inside else [*found[-1:], part]
    return found[1:]


def create_throttle(schema: str) -> None:
    """Creates the table in which `shared.database.throttle` counts. It need not survive a crash of the server."""
    op.execute(f"create unlogged table {schema}.throttle (key text primary key, free_at timestamptz not null)")


def create_erased(schema: str) -> None:
    """Creates the table of the ids of people, and of what was theirs, of whom nothing is stored again."""
    op.execute(f"create table {schema}.erased (id uuid primary key, erasure_id uuid, erased_at timestamptz not null)")


def create_retention(schema: str) -> None:
    """Creates the table of when what is kept for a time was last deleted by its age."""
    op.execute(f"""
        create table {schema}.retention (
            what text primary key,
            keeps text not null,
            last_run_at timestamptz not null,
            last_count integer not null
        )
    """)


def chain_audit(schema: str) -> None:
    """Makes the audit log a chain that is sealed after commit: columns, what may change, and erasure."""
    for statement in AUDIT_CHAIN.read_text().replace("{schema}", schema).split("\n\n"):
        op.execute(statement)


def _taking_over(schema: str, earlier: str) -> Sequence[str]:
    renaming = [
        f"alter table {schema}.{earlier} rename to audit",
        f"alter index if exists {schema}.ix_{earlier}_subject_id rename to ix_audit_subject_id",
        f"alter index if exists {schema}.pk_{earlier} rename to pk_audit",
    ]
    return [
        *(renaming if earlier != "audit" else [f"alter index if exists {schema}.audit_pkey rename to pk_audit"]),
        f"update {schema}.audit set before = coalesce(before, '{{}}'), after = coalesce(after, '{{}}')"
        " where before is null or after is null",
        f"alter table {schema}.audit alter column action type text, alter column actor_id drop not null,"
        " alter column before set not null, alter column after set not null",
    ]


def execute_all(statements: Sequence[str]) -> None:
    """Runs the statements in their order, inside the migration."""
    for statement in statements:
        op.execute(statement)


SYSTEM_TABLES = """
create table {schema}.outbox (
    seq bigint generated always as identity (cache 1) primary key,
    event_id uuid not null unique,
    type text not null,
    version integer not null,
    topic text not null,
    key uuid not null,
    payload jsonb not null,
    traceparent text,
    occurred_at timestamptz not null,
    sent_at timestamptz
);
create index ix_outbox_unsent on {schema}.outbox (seq) where sent_at is null;
create index ix_outbox_sent_at on {schema}.outbox (sent_at) where sent_at is not null;
create table {schema}.inbox (
    event_id uuid not null,
    consumer text not null,
    received_at timestamptz not null,
    primary key (event_id, consumer)
);
create index ix_inbox_received_at on {schema}.inbox using brin (received_at);
create table {schema}.parked (
    seq bigint generated always as identity (cache 1) primary key,
    consumer text not null,
    key uuid not null,
    event_id uuid not null,
    type text not null,
    envelope jsonb not null,
    error text,
    replay boolean not null default false,
    parked_at timestamptz not null,
    unique (consumer, event_id)
);
create index ix_parked_key on {schema}.parked (consumer, key, seq);
create table {schema}.idempotency (
    principal uuid not null,
    key text not null check (length(key) between 1 and 255),
    request_hash bytea not null,
    operation_id uuid not null,
    locked_until timestamptz,
    status integer,
    body bytea,
    created_at timestamptz not null,
    primary key (principal, key)
);
create index ix_idempotency_created_at on {schema}.idempotency (created_at)"""
