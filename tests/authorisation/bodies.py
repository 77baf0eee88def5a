"""What people send to make the objects of the market."""

PASSWORD = "seven quiet rivers 41"
PROFILE = {"display_name": "Maya", "bio": "Breath.", "specializations": ["Vinyasa"], "timezone": "UTC"}
HOURS = {
    "timezone": "UTC",
    "weekly": [{"day_of_week": day, "start_time": "09:00", "end_time": "17:00"} for day in range(7)],
}
NAMED_HOURS = {"name": "Evenings", **HOURS}
LOCATION = {"name": "Video", "is_virtual": True}
RESOURCE = {"name": "Studio", "kind": "room", "quantity": 1}
CONSENT = {"purpose": "analytics", "version": 1, "decision": "given"}
DOCUMENT = {"purpose": "terms", "version": 1, "title": "Terms", "text": "Anew.", "required": True} | {
    "effective_at": "2026-12-01T00:00:00Z"
}
STREAM = {"title": "Quiet mornings", "description": "Every day.", "tiers": []}
POST = {"title": "Day one", "body": "Begin.", "post_type": "text", "tier_level": 0, "status": "published"}
PLAN = {"kind": "platform", "name": "Studio", "level": 3} | {
    "prices": [{"interval": "month", "price": {"amount": 4900, "currency": "USD"}}],
    "features": {"service_limit": 50, "commission_rate": "0.1200", "figures": "all"},
}
POLL = POST | {"post_type": "poll", "poll": {"options": ["Sitting", "Walking"]}}
GIVEN = {
    "stream": STREAM,
    "post": POST,
    "hours": HOURS,
    "named_hours": NAMED_HOURS,
    "resource": RESOURCE,
    "location": LOCATION,
    "profile": PROFILE,
    "consent": CONSENT,
    "document": DOCUMENT,
}
"""Those that rows name."""
