"""What messaging holds of people: every column of its schema, and how they are erased."""

from services.messaging.erasure import erase
from shared.database.privacy import whole
from shared.records.privacy import CONTRACT, Register, table
from shared.work.erasure import Privacy, consumers_of

REGISTER: Register = whole(
    {
        "blocks": table(":person in (blocker_id, blocked_id)", personal="blocker_id blocked_id created_at"),
        "bookings": table(
            ":person in (client_id, practitioner_user_id)",
            ids="id client_id practitioner_user_id",
            kept={CONTRACT: "service_title"},
        ),
        "conversations": table(
            "opened_by = :person",
            personal="subject",
            instead={"subject": "(select service_title from messaging.bookings b where b.id = booking_id)"},
            ids="id booking_id participants_key opened_by active_at created_at",
            neither="status last_seq last_message_id",
        ),
        "departures": table("user_id = :person", ids="conversation_id user_id left_at"),
        "messages": table(
            "sender_id = :person",
            personal="body client_id folded",
            ids="id conversation_id seq sender_id created_at",
        ),
        "participants": table(
            "user_id = :person",
            ids="conversation_id user_id has_written read_seq read_up_to read_at receipt_seq",
        ),
        "practitioners": table("user_id = :person", ids="user_id practitioner_id", neither="is_verified version"),
        "reports": table(
            "reporter_id = :person",
            personal="reason note",
            ids="id conversation_id reporter_id created_at resolved_at",
            neither="status",
        ),
        "users": table("user_id = :person", personal="first_name last_name display_name", ids="user_id deactivated_at"),
    }
)

PRIVACY = Privacy(REGISTER, erase)
CONSUMERS = consumers_of(PRIVACY)
