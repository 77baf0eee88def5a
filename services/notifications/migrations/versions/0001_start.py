"""The tables of notifications."""

from shared.database.migrate import create_system_tables, execute_all

revision = "notifications_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates everything."""
    create_system_tables("notifications")
    execute_all(TABLES)


TABLES = [
    """
    create table notifications.people (
        user_id uuid primary key,
        email text not null,
        first_name text not null,
        last_name text not null,
        timezone text not null
    )""",
    """
    create table notifications.preferences (
        user_id uuid not null,
        topic varchar(32) not null
            constraint ck_preferences_topic check (topic in ('bookings', 'reminders', 'payments', 'account')),
        email boolean not null,
        in_app boolean not null,
        constraint pk_preferences primary key (user_id, topic)
    )""",
    """
    create table notifications.notices (
        id uuid primary key,
        user_id uuid not null,
        cause text not null,
        type text not null,
        title text not null,
        body text not null,
        data jsonb not null,
        read_at timestamptz,
        created_at timestamptz not null,
        constraint uq_notices_user_id_cause unique (user_id, cause)
    )""",
    "create index ix_notices_user_id_created_at on notifications.notices (user_id, created_at, id)",
    "create index ix_notices_unread on notifications.notices (user_id) where read_at is null",
    """
    create table notifications.mails (
        id uuid primary key,
        user_id uuid not null,
        cause text not null,
        template text not null,
        facts jsonb not null,
        booking_id uuid,
        status varchar(32) not null
            constraint ck_mails_status check (status in ('pending', 'sent', 'failed', 'dropped')),
        attempts integer not null constraint ck_mails_attempts check (attempts >= 0),
        next_try_at timestamptz not null,
        useful_until timestamptz,
        last_error text,
        created_at timestamptz not null,
        sent_at timestamptz,
        constraint uq_mails_user_id_cause unique (user_id, cause),
        constraint ck_mails_sent_at check ((status = 'sent') = (sent_at is not null))
    )""",
    "create index ix_mails_due on notifications.mails (next_try_at) where status = 'pending'",
    "create index ix_mails_booking_id on notifications.mails (booking_id) where status = 'pending'",
    """
    create table notifications.bookings (
        id uuid primary key,
        status text not null,
        service_title text not null,
        client_id uuid not null,
        practitioner_user_id uuid not null,
        timezone text not null,
        start_time timestamptz not null,
        end_time timestamptz not null,
        start_version integer not null
    )""",
    """
    create table notifications.reminders (
        id uuid primary key,
        booking_id uuid not null constraint fk_reminders_booking_id references notifications.bookings (id),
        recipient_id uuid not null,
        kind varchar(32) not null constraint ck_reminders_kind check (kind in ('24h', '30m')),
        start_version integer not null,
        due_at timestamptz not null,
        status varchar(32) not null
            constraint ck_reminders_status check (status in ('scheduled', 'sent', 'skipped')),
        settled_at timestamptz,
        constraint uq_reminders_booking_id_recipient_id_kind_start_version
            unique (booking_id, recipient_id, kind, start_version),
        constraint ck_reminders_settled_at check ((status = 'scheduled') = (settled_at is null))
    )""",
    "create index ix_reminders_due on notifications.reminders (due_at) where status = 'scheduled'",
    """
    create table notifications.feeds (
        user_id uuid not null,
        channel text not null,
        last_seq bigint not null,
        constraint pk_feeds primary key (user_id, channel)
    )""",
    """
    create table notifications.frames (
        id uuid primary key,
        user_id uuid not null,
        channel text not null,
        seq bigint not null,
        cause text not null,
        type text not null,
        data jsonb not null,
        created_at timestamptz not null,
        constraint uq_frames_user_id_channel_seq unique (user_id, channel, seq),
        constraint uq_frames_user_id_channel_cause unique (user_id, channel, cause)
    )""",
]
