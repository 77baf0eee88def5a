"""What catalog holds of people: every column of its schema."""

from shared.database.privacy import whole
from shared.records.privacy import Register, table

OF_PRACTITIONER = "practitioner_id in (select id from catalog.practitioners where user_id = :person)"

REGISTER: Register = whole(
    {
        "categories": table(neither="slug name position"),
        "practitioners": table(
            "user_id = :person",
            personal="display_name bio specializations timezone note folded document",
            ids="id user_id created_at updated_at deactivated_at",
            neither="status version",
        ),
        "services": table(
            OF_PRACTITIONER,
            personal="title description folded document",
            ids="id practitioner_id created_at updated_at",
            neither="service_type category price_amount currency duration_minutes max_participants delivery"
            " buffer_before_minutes buffer_after_minutes min_notice_minutes own_interval_minutes horizon_days is_active"
            " version",
        ),
    }
)
