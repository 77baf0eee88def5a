"""What notifications holds of people: every column of its schema."""

from shared.database.privacy import ATTEMPTS, whole
from shared.records.privacy import CONTRACT, Register, table
from shared.work.erasure import Privacy

REGISTER: Register = whole(
    {
        "bookings": table(
            ":person in (client_id, practitioner_user_id)",
            ids="id client_id practitioner_user_id",
            kept={CONTRACT: "service_title timezone start_time end_time terms"},
            neither="status start_version is_parent parent_id reminders_minutes",
        ),
        "deactivated_users": table("user_id = :person", ids="user_id created_at"),
        "feeds": table("user_id = :person", ids="user_id", neither="channel last_seq"),
        "frames": table("user_id = :person", personal="id user_id channel seq cause type data created_at"),
        "mails": table(
            "user_id = :person",
            personal="id user_id mail_token_id cause template params about booking_id created_at sent_at",
            neither=f"lane status useful_until {ATTEMPTS}",
        ),
        "marketing_consents": table("user_id = :person", personal="user_id purpose consent_id is_given"),
        "notifications": table(
            "user_id = :person",
            personal="id user_id cause type title body data template params about read_at created_at",
        ),
        "people": table("user_id = :person", personal="user_id email first_name last_name timezone"),
        "practitioners": table("user_id = :person", personal="user_id display_name version"),
        "preferences": table("user_id = :person", personal="user_id topic email in_app"),
        "reminders": table(
            "recipient_id = :person",
            ids="id booking_id recipient_id",
            neither="kind start_version due_at status settled_at",
        ),
        "staff_notifications": table("about = :person", personal="id cause template params data about created_at"),
        "unread_conversations": table(
            "user_id = :person",
            personal="user_id conversation_id first_message_id subject notified_message_id mail_due_at",
        ),
    }
)

PRIVACY = Privacy(REGISTER)
"""How a person is erased is in `services.notifications.erasure`, which needs the runtime."""
