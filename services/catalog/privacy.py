"""What catalog holds of people: every column of its schema, and how a practitioner is erased."""

from collections.abc import Collection
from uuid import UUID

from services.catalog.packages import service as packages
from services.catalog.practitioners import service as practitioners
from services.catalog.services import service
from shared.database.privacy import whole
from shared.database.session import Session
from shared.events.catalog import ERASED_NAME, ERASED_TITLE
from shared.events.identity import ErasureRequested
from shared.records.privacy import Register, table
from shared.work.erasure import Privacy, consumers_of

OF_PRACTITIONER = "practitioner_id = :practitioner"
OF_PACKAGE = "package_id in (select id from catalog.packages where practitioner_id = :practitioner)"

REGISTER: Register = whole(
    {
        "categories": table(neither="slug name position"),
        "openings": table(
            f"service_id in (select id from catalog.services where {OF_PRACTITIONER})",
            personal="starts",
            instead={"starts": "'{}'"},
            ids="service_id",
            neither="step_minutes notice_minutes grid_seconds",
        ),
        "practitioners": table(
            "user_id = :person",
            personal="display_name bio specializations timezone note folded document",
            ids="id user_id created_at updated_at suspended_at deactivated_at",
            neither="status version",
            instead={"display_name": f"'{ERASED_NAME}'", "timezone": "'UTC'"},
        ),
        "platform_subscriptions": table(
            OF_PRACTITIONER, ids="id practitioner_id", neither="service_limit access_until version"
        ),
        "packages": table(
            OF_PRACTITIONER,
            personal="title description",
            ids="id practitioner_id created_at updated_at",
            neither="kind discount_percentage total_amount currency valid_for_days refund_days is_active version",
            instead={"title": f"'{ERASED_TITLE}'"},
        ),
        "package_items": table(OF_PACKAGE, ids="package_id nested_id", neither="position quantity"),
        "package_services": table(OF_PACKAGE, ids="package_id service_id", neither="position number"),
        "service_dates": table(ids="session_id service_id", neither="start_time"),
        "locations": table(
            OF_PRACTITIONER,
            personal="id practitioner_id name is_virtual is_primary line1 line2 city region postal_code country lat lon"
            " visibility directions created_at updated_at",
        ),
        "services": table(
            OF_PRACTITIONER,
            personal="title description folded document",
            ids="id practitioner_id created_at updated_at",
            neither="service_type category price_amount currency duration_minutes max_participants delivery"
            " buffer_before_minutes buffer_after_minutes min_notice_minutes own_interval_minutes horizon_days is_active"
            " inactive_reason version cancel_policy reschedule_hours max_reschedules"
            " reminders_minutes booking_mode decide_within_hours limits waitlist offer_minutes series_max"
            " no_show_fee_amount late_cancel_fee_amount late_join certificate_percent resources location_ids",
            instead={"title": f"'{ERASED_TITLE}'"},
        ),
    }
)


async def erase(session: Session, event: ErasureRequested) -> Collection[UUID]:
    """Publishes the practitioner and their services anew, without what they wrote; most accounts have none."""
    practitioner = await practitioners.deactivate(session, event.user_id, erased=True)
    if practitioner is None:
        return ()
    await service.erase_services_of(session, practitioner.id)
    await packages.erase_packages_of(session, practitioner.id)
    await service.publish_services_of(session, practitioner.id)
    return (practitioner.id,)


PRIVACY = Privacy(REGISTER, erase)
CONSUMERS = consumers_of(PRIVACY)
