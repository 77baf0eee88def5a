"""A checkout is of a purchase, which may be of several bookings: a parent and its children."""

from shared.database.migrate import execute_all

revision = "booking_0028"
down_revision = "booking_0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each booking so far is a purchase of its own. Processes of the release before have to be stopped."""
    execute_all(
        [
            "alter table booking.checkouts drop constraint fk_checkouts_booking_id",
            "alter table booking.checkouts rename column booking_id to id",
            """
            alter table booking.bookings
                add column kind varchar(16) not null default 'single'
                    constraint ck_bookings_kind check (kind in ('single', 'course', 'series', 'group')),
                add column parent_id uuid,
                add column purchase_id uuid,
                add column attendee jsonb,
                drop constraint ck_bookings_seat,
                add constraint ck_bookings_seat check (
                    (session_id is not null or (status in ('cancelled', 'expired'))
                     or (kind <> 'single' and parent_id is null))),
                add constraint ck_bookings_parent check (
                    ((kind = 'single' and parent_id is null)
                     or (kind <> 'single' and (parent_id is not null or session_id is null))))
            """,
            "update booking.bookings set purchase_id = id",
            """
            alter table booking.bookings
                alter column kind drop default,
                add constraint fk_bookings_parent_id foreign key (parent_id) references booking.bookings (id),
                add constraint fk_bookings_purchase_id
                    foreign key (purchase_id) references booking.checkouts (id)
            """,
            "create index ix_bookings_purchase_id on booking.bookings (purchase_id)",
            "create index ix_bookings_parent_id on booking.bookings (parent_id) where parent_id is not null",
            """
            alter table booking.refunds
                drop constraint pk_refunds, add constraint pk_refunds primary key (id, booking_id)
            """,
            """
            alter table booking.cancellations
                add column part_of uuid constraint fk_cancellations_part_of
                    references booking.cancellations (id)
            """,
            "drop index booking.ix_cancellations_open",
            """
            create index ix_cancellations_open on booking.cancellations (next_try_at)
                where refunded_at is null and part_of is null
            """,
            """
            create index ix_cancellations_part_of on booking.cancellations (part_of) where part_of is not null
            """,
        ]
    )
