"""The one change that the audit log allows: staff's reasons about an erased account are removed."""

from shared.database.migrate import execute_all

revision = "identity_0005"
down_revision = "identity_0004"
branch_labels = None
depends_on = None

CHANGES = [
    """
    create function identity.erase_reasons(erased_id uuid) returns void
    language sql security definer set search_path = identity, pg_temp as $$
        update identity.audit_log set after = after - 'reason' where subject_id = erased_id and after ? 'reason'
    $$
    """,
    "revoke execute on function identity.erase_reasons(uuid) from public",
    "grant execute on function identity.erase_reasons(uuid) to estuary_identity",
    # Accounts that were erased before have theirs still.
    """
    update identity.audit_log set after = after - 'reason' where after ? 'reason'
        and subject_id in (select id from identity.users where email = id || '@erased.invalid')
    """,
    "update identity.users set timezone = null where email = id || '@erased.invalid'",
]


def upgrade() -> None:
    """Creates the function, which alone may change the log."""
    execute_all(CHANGES)
