"""An example of each event: the same at every generation, and one that the event's own class accepts."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shared.events.base import Event

Schema = dict[str, Any]
WHEN = "2026-12-01T08:00:00Z"
TEXTS = {
    "cancelled_by": "client",
    "code": "card_declined",
    "currency": "USD",
    "delivery": "online",
    "display_name": "Paula Reyes",
    "email": "casey@example.com",
    "first_name": "Casey",
    "last_name": "Lind",
    "message": "Your card was declined.",
    "note": "Please add your certificate.",
    "notification_type": "booking_confirmed",
    "practitioner_timezone": "Europe/Lisbon",
    "reason": "requested_by_client",
    "service_title": "One-to-one yoga",
    "service_type": "session",
    "status": "confirmed",
    "subject": "Tomorrow's session",
    "timezone": "Europe/Lisbon",
    "title": "One-to-one yoga",
    "verification_status": "approved",
}
NUMBERS = {"amount": 12500, "duration_minutes": 60, "horizon_days": 90, "min_notice_minutes": 120}
SPECIAL: dict[str, dict[str, Any]] = {
    "BookingRequested": {"booking.status": "requested"},
    "BookingDeclined": {"booking.status": "declined"},
    "BookingStarted": {"booking.status": "in_progress"},
    "BookingCompleted": {"booking.status": "completed"},
    "BookingNoShow": {"booking.status": "no_show"},
    "BookingCancelled": {"booking.status": "cancelled"},
    "BookingExpired": {"booking.status": "expired"},
    "OpeningsChanged": {"step_minutes": 60, "runs": [[WHEN, "2026-12-01T16:00:00Z"]]},
    "PractitionerApplied": {"verification_status": "pending"},
    "ServiceDeactivated": {"service.is_active": False},
    "SessionRevoked": {"reason": "logout"},
    "PaymentSucceeded": {"kind": "booking"},
    "OrderRefunded": {"kind": "booking"},
    "EarningAccrued": {"kind": "booking"},
    "ChargebackOpened": {"kind": "booking"},
    "ChargebackEnded": {"kind": "booking", "outcome": "won"},
    "PayoutFailed": {"reason": "account_closed"},
    "PayoutRejected": {"reason": "The bank account belongs to someone else."},
}


def example_of(kind: type[Event], schema: Schema) -> dict[str, Any]:
    """Data of such an event, by the schema; ids are made from the paths of their fields, so none occurs twice."""
    special = SPECIAL.get(kind.__name__, {})
    given = {name: _value(field, schema, name, special) for name, field in schema["properties"].items()}
    return kind.model_validate(given).model_dump(mode="json")


def _value(field: Schema, root: Schema, path: str, special: dict[str, Any]) -> Any:
    if path in special:
        return special[path]
    if "$ref" in field:
        return _value(root["definitions"][field["$ref"].rsplit("/", 1)[1]], root, path, special)
    options = [option for option in field.get("anyOf", []) if option.get("type") != "null"]
    if options:
        return _value(options[0], root, path, special)
    if "const" in field or "enum" in field:
        return field.get("const") or field["enum"][0]
    if field.get("type") == "object":
        inner = field.get("properties", {})
        return {name: _value(part, root, f"{path}.{name}", special) for name, part in inner.items()}
    if field.get("type") == "array":
        return [_value(field.get("items", {}), root, path, special)]
    return _plain(field, path)


def _plain(field: Schema, path: str) -> Any:
    name = path.rsplit(".", 1)[-1]
    match field.get("type"), field.get("format"):
        case "string", "uuid":
            return str(uuid5(NAMESPACE_URL, f"estuary/{path}"))
        case "string", "date-time":
            return WHEN
        case "string", _:
            return TEXTS.get(name, name.replace("_", " "))
        case "integer" | "number", _:
            return NUMBERS.get(name, 1)
        case "boolean", _:
            return True
    return None
