"""The words of streams and posts are kept beside the texts: a search took them out of each text anew."""

from shared.database.migrate import execute_all

revision = "streams_0003"
down_revision = "streams_0002"
branch_labels = None
depends_on = None

WORDS = "tsvector not null generated always as (to_tsvector('english'::regconfig, {text})) stored"
HEAD = "streams.fold(title || ' ' || coalesce(teaser, ''))"
WHOLE = "streams.fold(title || ' ' || coalesce(teaser, '') || ' ' || body)"
ABOUT = "streams.fold(title || ' ' || description)"

CHANGES = [
    f"alter table streams.streams add column words {WORDS.format(text=ABOUT)}",
    "drop index streams.ix_streams_words",
    "create index ix_streams_words on streams.streams using gin (words)",
    f"""alter table streams.posts
        add column head_words {WORDS.format(text=HEAD)}, add column whole_words {WORDS.format(text=WHOLE)}""",
]


def upgrade() -> None:
    """Writes each row anew, once."""
    execute_all(CHANGES)
