"""The one change that the audit log knows: staff's words about somebody who asked to be erased go."""

from shared.database.migrate import execute_all

revision = "catalog_0003"
down_revision = "catalog_0002"
branch_labels = None
depends_on = None

CHANGES = [
    """
    create function catalog.forget_notes(gone uuid) returns void
    language sql security definer set search_path = catalog, pg_temp as $$
        update catalog.audit_log set before = before - 'note', after = after - 'note' where subject_id = gone
    $$
    """,
    "revoke execute on function catalog.forget_notes(uuid) from public",
    "grant execute on function catalog.forget_notes(uuid) to estuary_catalog",
]


def upgrade() -> None:
    """Creates the function, which alone may change the log."""
    execute_all(CHANGES)
