"""messaging."""

from tests.authorisation.access import PARTIES, SIGNED_IN, STAFF_OR_SUPPORT, Row, only

ALL = "/api/v1/conversations"
ONE = f"{ALL}/{{conversation_id}}"
ADMIN = "/api/v1/admin/conversations"
OTHERS_PLACE = {"practitioner": 403}

ROWS = [
    Row("POST", f"{ALL}/", SIGNED_IN, (200, 201), body={"participant_ids": ["{third_user_id}"]}),
    Row("GET", f"{ALL}/", SIGNED_IN),
    Row("GET", f"{ALL}/messages/", SIGNED_IN),
    Row("GET", f"{ONE}/", PARTIES),
    Row("POST", f"{ONE}/messages/", PARTIES, (201,), body={"body": "Hello."}),
    Row("GET", f"{ONE}/messages/", PARTIES),
    Row("POST", f"{ONE}/read/", PARTIES, (204,), body={"up_to": "{message_id}"}),
    Row("DELETE", f"{ONE}/participants/{{user_id}}/", PARTIES | OTHERS_PLACE, (409,), of={"user_id": "client_user_id"}),
    Row("POST", f"{ONE}/reports/", PARTIES, (200, 201), body={"reason": "Unkind."}),
    Row("WS", "/ws/chat/{conversation_id}/", PARTIES, (101,)),
    Row("POST", f"{ONE}/block/", PARTIES, (204,)),
    Row("DELETE", f"{ONE}/block/", PARTIES, (204,)),
    Row("GET", f"{ADMIN}/reports/", STAFF_OR_SUPPORT),
    Row("GET", f"{ADMIN}/{{conversation_id}}/messages/", STAFF_OR_SUPPORT),
    Row(
        "GET",
        f"{ADMIN}/{{conversation_id}}/messages/",
        only(role="staff") | {"support": 404},
        of={"conversation_id": "unreported_id"},
    ),
    Row("POST", f"{ADMIN}/reports/{{report_id}}/resolve/", STAFF_OR_SUPPORT, (200, 409), body={"outcome": "dismissed"}),
]
