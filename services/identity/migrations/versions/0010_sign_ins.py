"""How, when and from where a person signed in."""

from shared.database.migrate import execute_all

revision = "identity_0010"
down_revision = "identity_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions from before: by password, at their start. Defaults stay, for the release before that runs beside."""
    execute_all(CHANGES)


CHANGES = [
    """
    alter table identity.sign_in_sessions
        add column authenticated_at timestamptz not null default now(),
        add column last_used_at timestamptz not null default now(),
        add column methods text[] not null default '{password}',
        add column address varchar(64),
        add column network varchar(64),
        add column device varchar(100)
    """,
    "update identity.sign_in_sessions set authenticated_at = started_at, last_used_at = started_at",
    "alter table identity.sign_in_sessions drop constraint ck_sign_in_sessions_end_reason",
    """
    alter table identity.sign_in_sessions add constraint ck_sign_in_sessions_end_reason check (end_reason in (
        'logout', 'refresh_reused', 'deactivated', 'role_taken', 'password_changed', 'email_changed', 'ended'))
    """,
]
