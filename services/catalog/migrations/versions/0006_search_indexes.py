"""Public lists are searched, counted and ordered by title out of indexes, without reading the services themselves."""

from shared.database.migrate import execute_all

revision = "catalog_0006"
down_revision = "catalog_0005"
branch_labels = None
depends_on = None

# The endings of a title's words begin with the part of a word that is looked for; `<` begins no word of a document.
# Planned as costly, since it is: made from the row it takes 50 times as long as finding the row in its index.
ENDINGS = """
    create function catalog.endings(folded text) returns tsvector language sql immutable parallel safe strict
    begin atomic
        select coalesce(array_to_tsvector(array_agg('<' || substr(word, place, 40))), ''::tsvector)
        from unnest(string_to_array(folded, ' ')) word, generate_series(1, length(word)) place;
    end
"""
SEARCHED = """
    create function catalog.searched(document tsvector, folded text) returns tsvector
    language sql immutable parallel safe strict cost 100000
    return document || catalog.endings(folded)
"""

CHANGES = [
    ENDINGS,
    SEARCHED,
    """
    create index ix_services_searched on catalog.services using gin (catalog.searched(document, folded))
        where is_active
    """,
    """
    create index ix_services_names on catalog.services (practitioner_id) include (id, price_amount, folded)
        where is_active
    """,
    """
    create index ix_services_title on catalog.services (catalog.fold(title) collate "C", title collate "C")
        where is_active
    """,
]


def upgrade() -> None:
    """Reads each service: some seconds for 100,000. Who changes one meanwhile waits, who reads does not."""
    execute_all(CHANGES)
