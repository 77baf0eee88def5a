"""What the sign-in providers of the sandbox have granted, and who consented before."""

from shared.database.migrate import execute_all

revision = "sandbox_0002"
down_revision = "sandbox_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates two tables."""
    execute_all(TABLES)


TABLES = [
    """
    create table sandbox.oidc_grants (
        id text primary key,
        provider text not null,
        kind text not null,
        data jsonb not null,
        expires_at timestamptz not null
    )
    """,
    "create index ix_oidc_grants_expires_at on sandbox.oidc_grants (expires_at)",
    "create index ix_oidc_grants_sub on sandbox.oidc_grants (provider, (data->>'sub'))",
    "create table sandbox.oidc_consents (provider text not null, sub text not null, primary key (provider, sub))",
]
