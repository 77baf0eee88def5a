"""booking."""

from tests.authorisation.access import (
    CLIENT,
    INTERNAL,
    OWN_PRACTITIONER,
    PARTIES,
    PUBLIC,
    SIGNED_IN,
    STAFF,
    Row,
    only,
)

API = "/api/v1"
BOOKING = f"{API}/bookings/{{booking_id}}"
SPARE = {"booking_id": "spare_booking_id"}
OVER = {"booking_id": "completed_id"}
SEEN_BY_SUPPORT = only("client", "practitioner", "support", "staff", "superuser")
CANCELLED_BY_STAFF = only("client", "practitioner", "staff", "superuser") | {"support": 403}
OWN_SERVICE = {"practitioner": 422}

ROWS = [
    Row("GET", f"{API}/bookings/", SIGNED_IN),
    Row("GET", f"{API}/bookings/upcoming/", SIGNED_IN),
    Row("GET", f"{API}/bookings/history/", SIGNED_IN),
    Row("GET", f"{BOOKING}/", SEEN_BY_SUPPORT),
    Row("GET", f"{BOOKING}/calendar.ics/", PARTIES),
    Row("PUT", f"{BOOKING}/", CLIENT, body={"notes": "I am new to this."}),
    Row("POST", f"{BOOKING}/reschedule/", PARTIES, (200, 409), body={"start_time": "{later}"}),
    Row("POST", f"{BOOKING}/accept-move/", CLIENT),
    Row("POST", f"{BOOKING}/complete/", OWN_PRACTITIONER, of=OVER),
    Row("POST", f"{BOOKING}/no-show/", OWN_PRACTITIONER, (200, 409), of=OVER),
    Row("POST", f"{API}/bookings/check-in/", OWN_PRACTITIONER, (200, 409), body={"code": "{check_in_code}"}),
    Row("GET", f"{API}/sessions/{{session_id}}/roster/", OWN_PRACTITIONER),
    Row(
        "POST",
        f"{API}/sessions/{{session_id}}/attendance/",
        OWN_PRACTITIONER,
        (200, 409),
        body={"marks": [{"booking_id": "{booking_id}", "attendance": "attended"}]},
    ),
    Row("POST", f"{BOOKING}/room-token/", PARTIES, (409,)),
    Row("GET", f"{BOOKING}/cancel/preview/", SEEN_BY_SUPPORT),
    Row(
        "POST",
        f"{API}/admin/bookings/{{booking_id}}/refund/",
        STAFF,
        (200, 409),
        body={"reason": "Rain."},
        of=SPARE,
        confirmed=True,
        keyed=True,
    ),
    Row("PUT", f"{API}/sessions/{{session_id}}/", OWN_PRACTITIONER, (200, 409), body={"start_time": "{later}"}),
    Row("POST", f"{BOOKING}/cancel/", CANCELLED_BY_STAFF, (200, 409), of=SPARE, confirmed=True),
    Row("POST", f"{API}/bookings/", SIGNED_IN | OWN_SERVICE, (201, 409), body="{booking}"),
    Row("GET", f"{API}/practitioners/{{practitioner_id}}/schedule/", OWN_PRACTITIONER),
    Row("POST", f"{API}/practitioners/{{practitioner_id}}/schedule/", OWN_PRACTITIONER, body="{hours}"),
    Row("GET", f"{API}/practitioners/{{practitioner_id}}/schedules/", OWN_PRACTITIONER),
    Row(
        "POST",
        f"{API}/practitioners/{{practitioner_id}}/schedules/",
        OWN_PRACTITIONER,
        (201,),
        body="{named_hours}",
    ),
    Row("PUT", f"{API}/schedules/{{schedule_id}}/", OWN_PRACTITIONER, body="{named_hours}"),
    Row(
        "DELETE",
        f"{API}/schedules/{{schedule_id}}/",
        OWN_PRACTITIONER,
        (204,),
        of={"schedule_id": "spare_schedule_id"},
        fresh="spare_schedule_id",
    ),
    Row("GET", f"{API}/practitioners/{{practitioner_id}}/time-off/", OWN_PRACTITIONER),
    Row(
        "POST",
        f"{API}/practitioners/{{practitioner_id}}/time-off/",
        OWN_PRACTITIONER,
        (201,),
        body={"start_time": "2030-01-01T00:00:00Z", "end_time": "2030-01-02T00:00:00Z"},
    ),
    Row(
        "DELETE",
        f"{API}/practitioners/{{practitioner_id}}/time-off/{{time_off_id}}/",
        OWN_PRACTITIONER,
        (204,),
        fresh="time_off_id",
    ),
    Row("GET", f"{API}/services/{{service_id}}/schedule/", OWN_PRACTITIONER),
    Row("POST", f"{API}/services/{{service_id}}/schedule/", OWN_PRACTITIONER, body="{hours}"),
    Row("DELETE", f"{API}/services/{{service_id}}/schedule/", OWN_PRACTITIONER, (204,)),
    Row("GET", f"{API}/practitioners/{{practitioner_id}}/busy/", OWN_PRACTITIONER),
    Row(
        "POST",
        f"{API}/services/{{service_id}}/waitlist/",
        SIGNED_IN | OWN_SERVICE,
        (409,),
        body={"start_time": "{free_start}"},
    ),
    Row("GET", f"{API}/services/{{service_id}}/waitlist/", OWN_PRACTITIONER),
    Row("GET", f"{API}/waitlist/", SIGNED_IN),
    Row(
        "POST",
        f"{API}/services/{{service_id}}/invites/",
        OWN_PRACTITIONER,
        (200,),
        body={"client_id": "{client_user_id}", "start_time": "{invited_start}"},
    ),
    Row("POST", f"{API}/waitlist/{{entry_id}}/accept/", CLIENT, (201, 409)),
    Row("DELETE", f"{API}/waitlist/{{entry_id}}/", CLIENT, (204,), of={"entry_id": "left_entry_id"}),
    Row("GET", f"{API}/practitioners/{{practitioner_id}}/availability/", PUBLIC, query="service_id={service_id}"),
    Row("GET", "/internal/bookings/{booking_id}/", INTERNAL, callers=("messaging",)),
]
