"""Schedules, offerings, reservations, bookings, checkouts, cancellations, room closures."""

from shared.database.migrate import create_system_tables, execute_all

revision = "booking_0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEDULES = """
create table booking.schedules (
    id uuid constraint pk_schedules primary key,
    practitioner_id uuid not null,
    service_id uuid,
    timezone varchar(64) not null,
    weekly jsonb not null,
    overrides jsonb not null,
    updated_at timestamptz not null,
    constraint uq_schedules_practitioner_id_service_id unique nulls not distinct (practitioner_id, service_id)
)"""

OFFERINGS = """
create table booking.offerings (
    service_id uuid constraint pk_offerings primary key,
    practitioner_id uuid not null,
    practitioner_user_id uuid not null,
    version integer not null,
    title text not null,
    price_amount bigint not null constraint ck_offerings_price check (price_amount >= 0),
    currency varchar(3) not null,
    duration_minutes integer not null constraint ck_offerings_duration check (duration_minutes > 0),
    max_participants integer not null constraint ck_offerings_participants check (max_participants > 0),
    delivery varchar(16) not null,
    buffer_before_minutes integer not null,
    buffer_after_minutes integer not null,
    min_notice_minutes integer not null,
    slot_interval_minutes integer not null constraint ck_offerings_interval check (slot_interval_minutes > 0),
    horizon_days integer not null,
    is_active boolean not null,
    practitioner_timezone varchar(64) not null
)"""

# The two exclusion constraints: see reservations/models.py. The unique index is rule 4's "one row per session".
RESERVATIONS = """
create table booking.reservations (
    id uuid constraint pk_reservations primary key,
    practitioner_id uuid not null,
    service_id uuid not null,
    start_time timestamptz not null,
    end_time timestamptz not null,
    blocked_from timestamptz not null,
    blocked_until timestamptz not null,
    capacity integer not null,
    taken integer not null,
    active boolean not null,
    created_at timestamptz not null,
    constraint ck_reservations_times
        check (blocked_from <= start_time and start_time < end_time and end_time <= blocked_until),
    constraint ck_reservations_seats check (taken between 0 and capacity and active = (taken > 0)),
    constraint ex_reservations_after exclude using gist
        (practitioner_id with =, tstzrange(start_time, blocked_until) with &&) where (active),
    constraint ex_reservations_before exclude using gist
        (practitioner_id with =, tstzrange(blocked_from, end_time) with &&) where (active)
)"""
SESSION_INDEX = """
create unique index uq_reservations_service_id_start_time
    on booking.reservations (service_id, start_time) where active"""

BOOKINGS = """
create table booking.bookings (
    id uuid constraint pk_bookings primary key,
    status varchar(32) not null constraint ck_bookings_status check (status in
        ('pending_payment', 'confirmed', 'in_progress', 'completed', 'cancelled', 'expired', 'no_show')),
    service_id uuid not null,
    service_title text not null,
    practitioner_id uuid not null,
    practitioner_user_id uuid not null,
    client_id uuid not null,
    order_id uuid,
    reservation_id uuid
        constraint fk_bookings_reservation_id references booking.reservations (id),
    start_time timestamptz not null,
    end_time timestamptz not null,
    timezone varchar(64) not null,
    delivery varchar(32) not null constraint ck_bookings_delivery check (delivery in ('online', 'in_person')),
    total_amount bigint not null,
    credits_amount bigint not null,
    currency varchar(3) not null,
    start_version integer not null,
    notes text,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    completed_at timestamptz,
    cancelled_at timestamptz,
    constraint ck_bookings_money check (credits_amount between 0 and total_amount),
    constraint ck_bookings_seat check
        (reservation_id is not null or status in ('cancelled', 'expired')),
    constraint ck_bookings_no_seat check (reservation_id is null or status <> 'cancelled')
)"""
BOOKING_INDEXES = [
    "create index ix_bookings_client_id_start_time on booking.bookings (client_id, start_time)",
    "create index ix_bookings_practitioner_user_id_start_time on booking.bookings (practitioner_user_id, start_time)",
    "create index ix_bookings_reservation_id on booking.bookings (reservation_id) where reservation_id is not null",
    "create index ix_bookings_held on booking.bookings (expires_at) where status = 'pending_payment'",
    "create index ix_bookings_held_of on booking.bookings (practitioner_id) where status = 'pending_payment'",
    "create index ix_bookings_to_start on booking.bookings (start_time) where status = 'confirmed'",
    "create index ix_bookings_to_end on booking.bookings (end_time) where status = 'in_progress'",
]

CHECKOUTS = """
create table booking.checkouts (
    booking_id uuid constraint pk_checkouts primary key
        constraint fk_checkouts_booking_id references booking.bookings (id),
    state varchar(32) not null constraint ck_checkouts_state check (state in
        ('ordering', 'awaiting', 'confirmed', 'expiring', 'expired', 'cancelling', 'cancelled',
         'retaking', 'refunding', 'refunded')),
    credits_asked jsonb,
    client_secret text,
    publishable_key text,
    attempts integer not null,
    attempt_at timestamptz not null
)"""
CHECKOUT_INDEX = """
create index ix_checkouts_open on booking.checkouts (attempt_at)
    where state in ('ordering', 'expiring', 'cancelling', 'retaking', 'refunding')"""

CANCELLATIONS = """
create table booking.cancellations (
    id uuid constraint pk_cancellations primary key,
    booking_id uuid not null constraint uq_cancellations_booking_id unique
        constraint fk_cancellations_booking_id references booking.bookings (id),
    cancelled_by varchar(32) not null
        constraint ck_cancellations_by check (cancelled_by in ('client', 'practitioner', 'staff')),
    reason text,
    due_amount bigint not null,
    currency varchar(3) not null,
    card_amount bigint not null,
    credits_amount bigint not null,
    created_at timestamptz not null,
    refunded_at timestamptz,
    attempts integer not null,
    attempt_at timestamptz not null
)"""
CANCELLATION_INDEX = (
    "create index ix_cancellations_open on booking.cancellations (attempt_at) where refunded_at is null"
)

REFUNDS = """
create table booking.refunds (
    id uuid constraint pk_refunds primary key,
    booking_id uuid not null constraint fk_refunds_booking_id references booking.bookings (id),
    card_amount bigint not null,
    credits_amount bigint not null,
    currency varchar(3) not null,
    created_at timestamptz not null
)"""
REFUND_INDEX = "create index ix_refunds_booking_id on booking.refunds (booking_id)"

ROOM_CLOSURES = """
create table booking.room_closures (
    id uuid constraint pk_room_closures primary key,
    booking_id uuid not null constraint fk_room_closures_booking_id references booking.bookings (id),
    room text not null,
    participant text,
    created_at timestamptz not null,
    closed_at timestamptz,
    attempts integer not null,
    attempt_at timestamptz not null
)"""
ROOM_CLOSURE_INDEX = "create index ix_room_closures_open on booking.room_closures (attempt_at) where closed_at is null"


def upgrade() -> None:
    """Creates the schema's tables."""
    create_system_tables("booking")
    execute_all([SCHEDULES, OFFERINGS, RESERVATIONS, SESSION_INDEX, BOOKINGS, *BOOKING_INDEXES])
    execute_all([CHECKOUTS, CHECKOUT_INDEX, CANCELLATIONS, CANCELLATION_INDEX, REFUNDS, REFUND_INDEX])
    execute_all([ROOM_CLOSURES, ROOM_CLOSURE_INDEX])
