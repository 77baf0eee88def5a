"""payments."""

from tests.authorisation.access import (
    CLIENT,
    INTERNAL,
    OPEN,
    OWN_PRACTITIONER,
    PEOPLE,
    PRACTITIONERS,
    PUBLIC,
    SIGNED_IN,
    STAFF,
    STAFF_OR_SUPPORT,
    Row,
    only,
)

API = "/api/v1"
PAYOUT = f"{API}/admin/payouts/{{payout_id}}"
MINE = f"{API}/practitioner"
METHODS = f"{API}/payments/methods"
SUBSCRIPTIONS = f"{API}/subscriptions"
SUBSCRIPTION = f"{SUBSCRIPTIONS}/{{subscription_id}}"
SUBSCRIBER_OR_STAFF = only("practitioner", "support", "staff", "superuser")
ORDER = "/internal/orders/{order_id}"
HOLD = "/internal/holds/{cause_id}/"
A_CAUSE = {"cause_id": "spare_user_id"}
HELD = {"cause": "dispute", "practitioner_id": "{new_id}"}
BOOKING, STREAMS = ("booking",), ("streams",)
FAN = {"user_id": "{new_id}", "plan_id": "{new_id}", "interval": "month"}
ORGANIZER = "user_id={client_user_id}&kind=organizer"
NO_FAN = {"subscription_id": "spare_user_id"}
TIER = {
    "stream_id": "{stream_id}",
    "practitioner_id": "{new_id}",
    "level": 1,
    "name": "Friends",
    "price": {"amount": 500, "currency": "USD"},
    "is_active": True,
    "version": 1,
}
CLOSED = {"order_id": "closed_order_id"}
SPARE = {"method_id": "spare_method_id"}
GIFT = {"recipient_id": "{spare_user_id}", "amount": {"amount": 100, "currency": "USD"}}
WITHOUT_CREDITS = dict.fromkeys(set(PEOPLE) - {"client"}, 422)

ROWS = [
    Row("GET", f"{API}/credits/balance/", SIGNED_IN),
    Row("GET", f"{API}/credits/history/", SIGNED_IN),
    Row("POST", f"{API}/credits/purchase/", SIGNED_IN, (201,), body={"amount": {"amount": 500, "currency": "USD"}}),
    Row("POST", f"{API}/credits/transfer/", SIGNED_IN | WITHOUT_CREDITS, (201,), body=GIFT, keyed=True),
    Row("GET", f"{MINE}/earnings/", PRACTITIONERS),
    Row("GET", f"{MINE}/earnings/summary/", PRACTITIONERS),
    Row("GET", f"{MINE}/transactions/", PRACTITIONERS),
    Row("POST", f"{API}/payments/confirm/", CLIENT, body={"order_id": "{order_id}", "payment_method": "pm_card_visa"}),
    Row("POST", f"{METHODS}/", SIGNED_IN, (201,), body={}),
    Row("GET", f"{METHODS}/", SIGNED_IN),
    Row("POST", f"{METHODS}/{{method_id}}/default/", CLIENT),
    Row("DELETE", f"{METHODS}/{{method_id}}/", CLIENT, (204,), of=SPARE, fresh="spare_method_id"),
    Row("POST", f"{API}/payments/create-intent/", CLIENT, (409,), body={"order_id": "{order_id}"}),
    Row("GET", f"{API}/payments/orders/{{order_id}}/", only("client", "support", "staff", "superuser")),
    Row("GET", f"{API}/payments/history/", SIGNED_IN),
    Row("POST", f"{MINE}/payouts/account/", PRACTITIONERS),
    Row("GET", f"{MINE}/payouts/account/", PRACTITIONERS),
    Row("POST", f"{MINE}/payouts/request/", PRACTITIONERS, (422,), keyed=True),
    Row("GET", f"{MINE}/payouts/", PRACTITIONERS),
    Row("GET", f"{MINE}/payouts/{{payout_id}}/", OWN_PRACTITIONER),
    Row("GET", f"{API}/admin/payouts/", STAFF_OR_SUPPORT),
    Row("POST", f"{PAYOUT}/retry/", STAFF, (409,), confirmed=True),
    Row("POST", f"{PAYOUT}/fail/", STAFF, (409,), confirmed=True),
    Row("POST", f"{PAYOUT}/mark-paid/", STAFF, (409,), body={"reference": "Bank, 3 May"}, confirmed=True),
    Row("POST", f"{PAYOUT}/approve/", STAFF, (200, 409), confirmed=True),
    Row("POST", f"{PAYOUT}/reject/", STAFF, (409,), confirmed=True),
    Row("GET", f"{API}/plans/", PUBLIC),
    Row("POST", f"{API}/admin/plans/", STAFF, (201,), body="{plan}"),
    Row("PUT", f"{API}/admin/plans/{{plan_id}}/", STAFF, body="{plan}"),
    Row("POST", f"{SUBSCRIPTIONS}/", PRACTITIONERS, (201, 409), body="{subscription}"),
    Row("GET", f"{SUBSCRIPTIONS}/", SIGNED_IN),
    Row("GET", f"{SUBSCRIPTION}/", SUBSCRIBER_OR_STAFF),
    Row("GET", f"{SUBSCRIPTION}/periods/", SUBSCRIBER_OR_STAFF),
    Row(
        "GET",
        f"{SUBSCRIPTION}/preview/",
        only("practitioner"),
        (200, 409, 422),
        query="plan_id={plan_id}&interval=year",
    ),
    Row(
        "POST",
        f"{SUBSCRIPTION}/change/",
        only("practitioner"),
        (200, 409, 422),
        body={"plan_id": "{plan_id}", "interval": "year"},
    ),
    Row("POST", f"{SUBSCRIPTION}/reactivate/", only("practitioner"), (409,)),
    Row("POST", f"{SUBSCRIPTION}/pause/", only("practitioner"), (409,)),
    Row("POST", f"{SUBSCRIPTION}/resume/", only("practitioner"), (409,)),
    Row("POST", f"{SUBSCRIPTION}/cancel/", only("practitioner"), (200, 409)),
    Row(
        "POST",
        f"{API}/admin/subscriptions/{{subscription_id}}/cancel/",
        STAFF,
        (200, 409),
        body={"at": "now", "refund": "none"},
        confirmed=True,
    ),
    Row("POST", f"{API}/webhooks/stripe/", OPEN, (400,), body={}),
    Row("PUT", f"{ORDER}/", INTERNAL, body="{order}", of=CLOSED, callers=BOOKING),
    Row("POST", f"{ORDER}/close/", INTERNAL, body={"reason": "expired"}, of=CLOSED, callers=BOOKING),
    Row("POST", f"{ORDER}/capture/", INTERNAL, (409,), of=CLOSED, callers=BOOKING),
    Row("POST", f"{ORDER}/retake/", INTERNAL, (409,), of=CLOSED, callers=BOOKING),
    Row("POST", f"{ORDER}/refunds/", INTERNAL, (200, 409), body={"refund_id": "{new_id}"}, callers=BOOKING),
    Row("PUT", HOLD, INTERNAL, body=HELD, of=A_CAUSE, callers=BOOKING),
    Row("DELETE", HOLD, INTERNAL, of=A_CAUSE, callers=BOOKING),
    Row("GET", f"{ORDER}/refund-preview/", INTERNAL, (200, 409), callers=BOOKING),
    Row("PUT", "/internal/plans/{plan_id}/", INTERNAL, body=TIER, of={"plan_id": "stream_id"}, callers=STREAMS),
    Row("PUT", "/internal/subscriptions/{subscription_id}/", INTERNAL, (404,), body=FAN, callers=STREAMS, of=NO_FAN),
    Row("GET", "/internal/access/", INTERNAL, query=ORGANIZER, callers=BOOKING + STREAMS),
]
