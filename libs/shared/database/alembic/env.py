"""Alembic's entry: everything is in `shared.database.migrate`."""

from alembic import context

from shared.database.migrate import run

run(context.config, context)
