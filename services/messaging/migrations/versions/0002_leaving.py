"""Display names of practitioners, who has left which conversation, who opened it."""

from shared.database.migrate import execute_all

revision = "messaging_0002"
down_revision = "messaging_0001"
branch_labels = None
depends_on = None

CHANGES = [
    "alter table messaging.people add column display_name text",
    "alter table messaging.people drop constraint ck_people_nameless",
    """
    alter table messaging.people add constraint ck_people_nameless check (
        deactivated_at is null or (first_name is null and last_name is null and display_name is null))
    """,
    "alter table messaging.conversations add column opened_by uuid",
    """
    create table messaging.departures (
        conversation_id uuid not null
            constraint fk_departures_conversation_id references messaging.conversations (id),
        user_id uuid not null,
        left_at timestamptz not null,
        constraint pk_departures primary key (conversation_id, user_id)
    )
    """,
]


def upgrade() -> None:
    """Adds columns and table."""
    execute_all(CHANGES)
