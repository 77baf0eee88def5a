"""What booking holds of people: every column of its schema, what is open of it, and how they are erased."""

from collections.abc import Collection
from uuid import UUID

from services.booking.departures.repository import LeftBehind
from shared.database.privacy import ATTEMPTS, whole
from shared.database.session import Session
from shared.events.catalog import ERASED_TITLE
from shared.events.identity import ErasureRequested
from shared.records.privacy import CONTRACT, Register, table
from shared.work.erasure import Privacy, consumers_of

OF_BOOKING = "booking_id in (select id from booking.bookings where :person in (client_id, practitioner_user_id))"
OF_PURCHASE = (
    "id in (select purchase_id from booking.bookings where :person in (client_id, practitioner_user_id)"
    " union all select id from booking.passes where :person in (client_id, practitioner_user_id))"
)
OF_PASS = "pass_id in (select id from booking.passes where :person in (client_id, practitioner_user_id))"
OF_PRACTITIONER = "practitioner_id = :practitioner"

REGISTER: Register = whole(
    {
        "approvals": table(OF_PRACTITIONER, ids="practitioner_id", neither="version is_approved"),
        "bookings": table(
            "client_id = :person",
            also="practitioner_user_id = :person",
            personal="notes client_secret check_in_code attendee",
            ids="id parent_id purchase_id practitioner_id practitioner_user_id client_id",
            kept={
                CONTRACT: "service_title start_time end_time timezone total_amount value_amount credits_amount"
                " currency policy reschedule_hours agreed_start_time moved_by created_at completed_at cancelled_at"
                " requested_start_time order_id line_id pass_id pass_session_id chargeback"
                " max_reschedules client_moves mark checked_in_at"
            },
            neither="kind status service_id session_id location_id delivery start_version expires_at publishable_key"
            " reminders_minutes request_payment decide_by",
        ),
        "cancellations": table(
            OF_BOOKING,
            personal="reason",
            ids="id booking_id part_of",
            kept={CONTRACT: "cancelled_by due_amount currency card_amount credits_amount created_at refunded_at"},
            neither=ATTEMPTS,
        ),
        "certificates": table(OF_BOOKING, ids="booking_id", kept={CONTRACT: "number percent issued_at"}),
        "checkouts": table(OF_PURCHASE, ids="id payment_method_id", neither=f"state credits_asked {ATTEMPTS}"),
        "locations": table(OF_PRACTITIONER, ids="location_id practitioner_id", neither="is_virtual"),
        "departures": table("user_id = :person", ids="user_id created_at"),
        "fees": table(
            OF_BOOKING,
            ids="booking_id payment_method_id",
            kept={CONTRACT: "no_show_amount late_cancel_amount currency cause"},
            neither=f"status due_at {ATTEMPTS}",
        ),
        "names": table("user_id = :person", personal="user_id first_name last_name"),
        "named_schedules": table(
            OF_PRACTITIONER,
            personal="id practitioner_id name timezone weekly overrides zone_changes created_at updated_at",
        ),
        "opening_marks": table(OF_PRACTITIONER, ids="practitioner_id", neither="id marked_at"),
        "openings": table(
            OF_PRACTITIONER,
            personal="starts",
            instead={"starts": "'{}'"},
            ids="service_id practitioner_id",
            neither="step_minutes rolls_at changed_at",
        ),
        "pass_sessions": table(
            OF_PASS,
            ids="id pass_id booking_id",
            kept={CONTRACT: "value_amount line_id ended_at"},
            neither="position service_ids status",
        ),
        "passes": table(
            "client_id = :person",
            also="practitioner_user_id = :person",
            personal="client_secret",
            ids="id package_id client_id practitioner_id practitioner_user_id",
            kept={
                CONTRACT: "title timezone total_amount credits_amount currency order_id expires_at refundable_until"
                " created_at cancelled_at due_amount refunded_card refunded_credits refunded_at"
            },
            neither=f"status package_version publishable_key held_until warned_at cancel_id {ATTEMPTS}",
        ),
        "refunds": table(
            OF_BOOKING, ids="id booking_id", kept={CONTRACT: "card_amount credits_amount currency created_at"}
        ),
        "resource_uses": table(
            "session_id in (select id from booking.sessions where practitioner_id = :practitioner)",
            ids="session_id resource_id start_time end_time",
            neither="unit blocked_from blocked_until",
        ),
        "resources": table(
            OF_PRACTITIONER,
            personal="name",
            instead={"name": "'Resource of an erased account'"},
            ids="id practitioner_id location_id shared_with created_at updated_at",
            neither="kind quantity",
        ),
        "room_closures": table(
            OF_BOOKING, ids="id booking_id participant", neither=f"room created_at closed_at {ATTEMPTS}"
        ),
        "schedule_uses": table(OF_PRACTITIONER, personal="service_id practitioner_id schedule_id"),
        "schedules": table(
            OF_PRACTITIONER,
            personal="id practitioner_id service_id timezone weekly overrides zone_changes limits travel_minutes"
            " updated_at",
        ),
        "series": table(
            OF_PRACTITIONER,
            personal="id practitioner_id service_id location_id rrule start_date start_time timezone left_out"
            " written_until write_at ended_at created_at",
        ),
        "service_copies": table(
            "practitioner_user_id = :person",
            personal="title practitioner_timezone",
            instead={"title": f"'{ERASED_TITLE}'", "practitioner_timezone": "'UTC'"},
            ids="service_id practitioner_id practitioner_user_id",
            neither="version price_amount currency duration_minutes max_participants delivery buffer_before_minutes"
            " buffer_after_minutes min_notice_minutes slot_interval_minutes horizon_days is_active cancel_policy"
            " reschedule_hours max_reschedules reminders_minutes service_type booking_mode decide_within_hours limits"
            " waitlist offer_minutes series_max no_show_fee_amount late_cancel_fee_amount late_join"
            " certificate_percent resources location_ids",
        ),
        "sessions": table(
            OF_PRACTITIONER,
            ids="id practitioner_id service_id series_id location_id place_id start_time end_time created_at"
            " cancelled_at",
            neither="blocked_from blocked_until away_until capacity taken active announced room",
        ),
        "time_off": table(OF_PRACTITIONER, personal="id practitioner_id start_time end_time note created_at"),
        "waitlist_entries": table(
            "user_id = :person",
            ids="id user_id practitioner_id service_id start_time created_at",
            neither="status booking_id is_invited offers_until offer_expires_at",
        ),
        "waitlist_seats": table(
            "entry_id in (select id from booking.waitlist_entries where user_id = :person)",
            ids="entry_id",
            neither="session_id",
        ),
    }
)

OBLIGATIONS = {
    "open_pass": """
        select count(*) from booking.passes where :person in (client_id, practitioner_user_id)
        and status in ('pending_payment', 'active')
    """,
    "future_booking": """
        select count(*) from booking.bookings where :person in (client_id, practitioner_user_id)
        and status in ('pending_payment', 'requested', 'confirmed', 'in_progress')
    """,
    "unpaid_fee": f"""
        select count(*) from booking.fees where status in ('due', 'charging') and {OF_BOOKING}
    """,
}


async def erase(session: Session, event: ErasureRequested) -> Collection[UUID]:
    """What staff wrote about the person's bookings goes."""
    await LeftBehind(session).erase_audited_reasons(event.user_id)
    return ()


PRIVACY = Privacy(REGISTER, erase, OBLIGATIONS)
CONSUMERS = consumers_of(PRIVACY)
