"""notifications."""

from tests.authorisation.access import CLIENT, SIGNED_IN, Row

ALL = "/api/v1/notifications"

ROWS = [
    Row("GET", f"{ALL}/", SIGNED_IN),
    Row("GET", f"{ALL}/preferences/", SIGNED_IN),
    Row("PUT", f"{ALL}/preferences/", SIGNED_IN, body={}),
    Row("POST", f"{ALL}/{{notification_id}}/read/", CLIENT),
    Row("POST", f"{ALL}/read-all/", SIGNED_IN),
    Row("WS", "/ws/notifications/", SIGNED_IN, (101,)),
    Row("WS", "/ws/booking-updates/", SIGNED_IN, (101,)),
]
