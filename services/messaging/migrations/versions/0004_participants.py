"""The field's terms: participants (members) and users (people)."""

from shared.database.migrate import execute_all

revision = "messaging_0004"
down_revision = "messaging_0003"
branch_labels = None
depends_on = None

CHANGES = [
    "alter table messaging.members rename to participants",
    "alter table messaging.participants rename constraint pk_members to pk_participants",
    "alter table messaging.participants rename constraint fk_members_conversation_id to fk_participants_conversation_id",
    "alter table messaging.participants rename constraint ck_members_read to ck_participants_read",
    "alter index messaging.ix_members_user_id rename to ix_participants_user_id",
    "alter index messaging.ix_members_receipt_seq rename to ix_participants_receipt_seq",
    "alter table messaging.people rename to users",
    "alter table messaging.users rename constraint pk_people to pk_users",
    "alter table messaging.users rename constraint ck_people_nameless to ck_users_nameless",
]


def upgrade() -> None:
    """Renames; no row changes."""
    execute_all(CHANGES)
