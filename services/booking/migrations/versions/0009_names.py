"""Tables and columns get the names of the vocabulary; what a browser pays with moves from the checkout to its booking."""

from shared.database.migrate import execute_all

revision = "booking_0009"
down_revision = "booking_0008"
branch_labels = None
depends_on = None

SERVICE_COPIES = [
    "alter table booking.offerings rename to service_copies",
    *(
        f"alter table booking.service_copies rename constraint {name}_offerings{rest} to {name}_service_copies{rest}"
        for name, rest in (("pk", ""), *(("ck", f"_{of}") for of in ("price", "duration", "participants", "interval")))
    ),
]
SESSIONS = [
    "alter table booking.reservations rename to sessions",
    *(
        f"alter table booking.sessions rename constraint {name}_reservations{rest} to {name}_sessions{rest}"
        for name, rest in (("pk", ""), ("ck", "_times"), ("ck", "_seats"), ("ex", "_after"), ("ex", "_before"))
    ),
    "alter index booking.uq_reservations_service_id_start_time rename to uq_sessions_service_id_start_time",
    "alter table booking.bookings rename column reservation_id to session_id",
    "alter table booking.bookings rename constraint fk_bookings_reservation_id to fk_bookings_session_id",
    "alter index booking.ix_bookings_reservation_id rename to ix_bookings_session_id",
]
PAYMENT = [
    "alter table booking.bookings add column client_secret text, add column publishable_key text",
    """
    update booking.bookings b set client_secret = c.client_secret, publishable_key = c.publishable_key
      from booking.checkouts c where c.booking_id = b.id and c.client_secret is not null
    """,
    "alter table booking.checkouts drop column client_secret, drop column publishable_key",
]
STATES = """('ordering', 'awaiting', 'confirmed', 'expiring', 'expired', 'cancelling', 'cancelled',
             'reclaiming', 'refunding', 'refunded')"""
CHECKOUTS = [
    "alter table booking.checkouts drop constraint ck_checkouts_state",
    "drop index booking.ix_checkouts_open",
    "update booking.checkouts set state = 'reclaiming' where state = 'retaking'",
    f"alter table booking.checkouts add constraint ck_checkouts_state check (state in {STATES})",
    """
    create index ix_checkouts_open on booking.checkouts (attempt_at)
        where state in ('ordering', 'expiring', 'cancelling', 'reclaiming', 'refunding')
    """,
]


def upgrade() -> None:
    """Renames; no row is lost."""
    execute_all([*SERVICE_COPIES, *SESSIONS, *PAYMENT, *CHECKOUTS])
