"""The operator switches writes off for all gateways."""

from shared.database.migrate import execute_all

revision = "identity_0018"
down_revision = "identity_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the switch, which is off while it has no row."""
    execute_all(
        [
            """
            create table identity.read_only_switch (
                id integer not null,
                is_on boolean not null,
                changed_at timestamptz not null,
                constraint pk_read_only_switch primary key (id),
                constraint ck_read_only_switch_id check (id = 1)
            )
            """,
        ]
    )
