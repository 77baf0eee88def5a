"""Documents that people agree to, with their first versions, and decisions."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from shared.database.migrate import execute_all, execute_file

revision = "identity_0014"
down_revision = "identity_0013"
branch_labels = None
depends_on = None

TRIGGERS = Path(__file__).parents[2] / "consents" / "documents.sql"
TABLES = [
    """
    create table identity.consent_documents (
        purpose varchar(40) not null,
        version integer not null,
        title varchar(200) not null,
        text text not null,
        required boolean not null,
        effective_at timestamptz not null,
        created_at timestamptz not null,
        constraint pk_consent_documents primary key (purpose, version),
        constraint ck_consent_documents_version check (version > 0),
        constraint ck_consent_documents_text check (length(text) <= 100000)
    )
    """,
    """
    create table identity.consents (
        id uuid constraint pk_consents primary key,
        user_id uuid not null constraint fk_consents_user_id references identity.users (id),
        purpose varchar(40) not null,
        version integer not null,
        decision varchar(32) not null constraint ck_consents_decision check (
            decision in ('given', 'refused', 'withdrawn')),
        scope_kind varchar(32) constraint ck_consents_scope_kind check (
            scope_kind in ('practitioner_id', 'booking_id', 'post_id')),
        scope_id uuid,
        created_at timestamptz not null,
        constraint ck_consents_scope check ((scope_kind is null) = (scope_id is null)),
        constraint fk_consents_purpose foreign key (purpose, version)
            references identity.consent_documents (purpose, version)
    )
    """,
    "create index ix_consents_user_id on identity.consents (user_id, purpose, id desc)",
    "revoke update, delete, truncate on identity.consent_documents, identity.consents from estuary_identity",
]
FIRST = {
    "terms": ("Terms of use", True, "You agree to use this platform lawfully and to pay for what you book."),
    "privacy": ("Privacy notice", True, "You have read what we keep of you, why, and for how long."),
    "marketing_email": ("News by email", False, "We may send you news and offers by email, until you withdraw."),
    "marketing_sms": ("News by text message", False, "We may send you news and offers by text message."),
    "analytics": ("Statistics", False, "We may count how you use the platform to improve it."),
    "recording": ("Recording", False, "This session may be recorded, for those who took part in it."),
    "adult_content": ("Adult content", False, "You are of age and want to see content for adults."),
    "health_data": ("Health data", False, "The practitioner may keep the health data that you give them."),
    "records_sharing": ("Sharing of records", False, "The practitioner may see records that another one keeps of you."),
}
INSERT = """
    insert into identity.consent_documents (purpose, version, title, text, required, effective_at, created_at)
    values (:purpose, 1, :title, :text, :required, timestamptz '2020-01-01 00:00:00+00', now())
"""


def upgrade() -> None:
    """Creates two tables, to which rows are only added."""
    execute_all(TABLES)
    for purpose, (title, required, body) in FIRST.items():
        row = {"purpose": purpose, "title": title, "text": body, "required": required}
        op.execute(text(INSERT).bindparams(**row))
    execute_file(TRIGGERS, "identity")
