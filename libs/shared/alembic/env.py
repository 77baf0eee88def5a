"""Alembic's entry: everything is in `shared.migrate`."""

from alembic import context

from shared.migrate import run

run(context.config, context)
