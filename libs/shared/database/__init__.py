"""Sessions over asyncpg, compiled statements, migrations, idempotency keys, system tables of each schema, search."""
