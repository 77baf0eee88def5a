"""Bodies of requests that tests of several folders send."""

SERVICE = {
    "service_type": "session",
    "title": "Morning yoga",
    "description": "An hour of quiet movement.",
    "category": "yoga",
    "price": {"amount": 12_500, "currency": "USD"},
    "duration_minutes": 60,
    "delivery": "online",
}
