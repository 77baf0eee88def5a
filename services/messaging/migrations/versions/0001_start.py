"""Copies of people, practitioners and bookings; conversations, members, messages; blocks, reports, audit log."""

from shared.database.migrate import create_system_tables, execute_all

revision = "messaging_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables; the service may add to the audit log, never change it."""
    create_system_tables("messaging")
    execute_all(TABLES)


TABLES = [
    """
    create table messaging.people (
        user_id uuid constraint pk_people primary key,
        first_name text,
        last_name text,
        deactivated_at timestamptz,
        constraint ck_people_nameless check (deactivated_at is null or (first_name is null and last_name is null))
    )""",
    """
    create table messaging.practitioners (
        user_id uuid constraint pk_practitioners primary key,
        practitioner_id uuid not null,
        is_verified boolean not null,
        version integer not null
    )""",
    """
    create table messaging.bookings (
        id uuid constraint pk_bookings primary key,
        client_id uuid not null,
        practitioner_user_id uuid not null,
        service_title text not null
    )""",
    "create index ix_bookings_sides on messaging.bookings (practitioner_user_id, client_id)",
    """
    create table messaging.conversations (
        id uuid constraint pk_conversations primary key,
        booking_id uuid,
        participants_key varchar(64) not null,
        subject text,
        status varchar(32) not null constraint ck_conversations_status check (status in ('open', 'closed')),
        last_seq bigint not null constraint ck_conversations_last_seq check (last_seq >= 0),
        last_message_id uuid,
        active_at timestamptz not null,
        created_at timestamptz not null
    )""",
    "create unique index uq_conversations_booking_id on messaging.conversations (booking_id) where booking_id is not null",
    """
    create unique index uq_conversations_participants_key on messaging.conversations (participants_key)
        where booking_id is null
    """,
    """
    create table messaging.members (
        conversation_id uuid not null constraint fk_members_conversation_id references messaging.conversations (id),
        user_id uuid not null,
        has_written boolean not null,
        read_seq bigint not null,
        read_up_to uuid,
        read_at timestamptz,
        receipt_seq bigint not null,
        constraint pk_members primary key (conversation_id, user_id),
        constraint ck_members_read check ((read_seq = 0) = (read_up_to is null))
    )""",
    "create index ix_members_user_id on messaging.members (user_id, conversation_id)",
    "create index ix_members_receipt_seq on messaging.members (conversation_id, receipt_seq)",
    """
    create table messaging.messages (
        id uuid constraint pk_messages primary key,
        conversation_id uuid not null constraint fk_messages_conversation_id references messaging.conversations (id),
        seq bigint not null,
        sender_id uuid not null,
        body text not null constraint ck_messages_body check (char_length(body) <= 10000),
        client_id varchar(100),
        created_at timestamptz not null,
        constraint uq_messages_conversation_id_seq unique (conversation_id, seq) include (sender_id)
    )""",
    """
    create unique index uq_messages_client_id on messaging.messages (conversation_id, sender_id, client_id)
        where client_id is not null
    """,
    "create index ix_messages_sender_id on messaging.messages (sender_id)",
    "create index ix_messages_body on messaging.messages using gin (body public.gin_trgm_ops)",
    """
    create table messaging.blocks (
        blocker_id uuid not null,
        blocked_id uuid not null,
        created_at timestamptz not null,
        constraint pk_blocks primary key (blocker_id, blocked_id)
    )""",
    "create index ix_blocks_blocked_id on messaging.blocks (blocked_id)",
    """
    create table messaging.reports (
        id uuid constraint pk_reports primary key,
        conversation_id uuid not null constraint fk_reports_conversation_id references messaging.conversations (id),
        reporter_id uuid not null,
        reason text not null,
        status varchar(32) not null constraint ck_reports_status check (status in ('open', 'dismissed', 'upheld')),
        note text,
        created_at timestamptz not null,
        resolved_at timestamptz,
        constraint ck_reports_resolved_at check ((status = 'open') = (resolved_at is null))
    )""",
    """
    create unique index uq_reports_open on messaging.reports (conversation_id, reporter_id) where status = 'open'
    """,
    "create index ix_reports_created_at on messaging.reports (created_at, id)",
    """
    create table messaging.audit_log (
        id uuid constraint pk_audit_log primary key,
        actor_id uuid not null,
        action varchar(60) not null,
        subject_id uuid not null,
        before jsonb not null,
        after jsonb not null,
        created_at timestamptz not null
    )""",
    "create index ix_audit_log_subject_id on messaging.audit_log (subject_id)",
    "revoke update, delete on messaging.audit_log from estuary_messaging",
]
