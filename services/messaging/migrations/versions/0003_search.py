"""Messages are searched in folded text, through the conversations of who asks: no index over everybody's words."""

from shared.database.migrate import execute_all

revision = "messaging_0003"
down_revision = "messaging_0002"
branch_labels = None
depends_on = None

# unaccent is only STABLE (a dictionary can be exchanged); naming the dictionary makes it as good as immutable.
CHANGES = [
    """
    create function messaging.fold(given text) returns text language sql immutable parallel safe strict
    return lower(public.unaccent('public.unaccent'::regdictionary, given))
    """,
    "drop index messaging.ix_messages_body",
    "alter table messaging.messages add column folded text not null generated always as (messaging.fold(body)) stored",
]


def upgrade() -> None:
    """Writes each message anew, once."""
    execute_all(CHANGES)
