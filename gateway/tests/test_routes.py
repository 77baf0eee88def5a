"""Every path of the contract, and the tricks that must not reach a service."""

from uuid import UUID

import pytest

from gateway.routes import ROUTES, RouteTable, segments_of

ID = str(UUID(int=7))

OWNERS = {
    "identity": f"""auth/register auth/login auth/token/refresh auth/logout auth/user admin/users/{ID}/deactivate
        admin/roles auth/social auth/social/google auth/social/google/callback auth/social/google/id-token
        auth/social/token auth/social/resolve auth/social/link""",
    "catalog": f"""practitioners practitioners/{ID} practitioners/apply practitioners/{ID}/services
        practitioners/{ID}/reviews admin/practitioners admin/practitioners/{ID}/verification services services/{ID}
        services/categories packages packages/{ID} bundles bundles/{ID}""",
    "booking": f"""practitioners/{ID}/availability practitioners/{ID}/schedule practitioners/{ID}/time-off
        practitioners/{ID}/time-off/{ID} practitioners/{ID}/schedules schedules/{ID}
        practitioners/{ID}/busy
        services/{ID}/schedule services/{ID}/waitlist services/{ID}/invites waitlist waitlist/{ID}/accept bookings
        bookings/{ID} bookings/{ID}/cancel bookings/{ID}/cancel/preview bookings/{ID}/reschedule
        bookings/{ID}/calendar.ics bookings/{ID}/waive-fee bookings/{ID}/accept bookings/{ID}/decline
        bookings/{ID}/certificate
        bookings/{ID}/accept-move bookings/{ID}/complete bookings/{ID}/no-show bookings/{ID}/room-token
        bookings/upcoming bookings/history bookings/check-in
        sessions/{ID} sessions/{ID}/roster sessions/{ID}/attendance admin/bookings/{ID}/refund""",
    "payments": f"""payments/create-intent payments/confirm payments/orders/{ID} payments/history credits/balance
        credits/purchase credits/history credits/transfer practitioner/earnings practitioner/earnings/summary
        practitioner/payouts practitioner/payouts/request practitioner/payouts/account practitioner/payouts/{ID}
        admin/payouts admin/payouts/{ID}/approve admin/payouts/{ID}/reject admin/payouts/{ID}/retry
        admin/payouts/{ID}/fail admin/payouts/{ID}/mark-paid
        practitioner/transactions webhooks/stripe""",
    "streams": f"""streams streams/{ID} streams/my-subscriptions streams/{ID}/like streams/{ID}/save
        streams/{ID}/comments streams/{ID}/posts streams/{ID}/subscribe streams/{ID}/tips posts/{ID} posts/{ID}/like
        posts/{ID}/vote posts/{ID}/comments""",
    "messaging": f"""conversations conversations/{ID}/messages conversations/{ID}/read
        conversations/{ID}/participants/{ID} admin/conversations/reports admin/conversations/{ID}/messages""",
    "notifications": f"notifications notifications/{ID}/read notifications/preferences",
    "sandbox": "sandbox/clock sandbox/stripe/webhooks sandbox/stripe/faults sandbox/stripe/happen",
}
PATHS = [(f"/api/v1/{path}", owner) for owner, paths in OWNERS.items() for path in paths.split()] + [
    ("/.well-known/jwks.json", "identity"),
    ("/ws/notifications", "notifications"),
    ("/ws/booking-updates", "notifications"),
    (f"/ws/chat/{ID}", "messaging"),
    ("/sandbox/mail", "sandbox"),
    ("/sandbox/clock", "sandbox"),
    ("/sandbox/stripe/v1/payment_intents", "sandbox"),
]
TRICKS = [
    "/internal/orders/1/",
    "//internal/orders/1/",
    "/api/v1//bookings/",
    "/api/v1/bookings//",
    "/api/v1/bookings/../../../internal/orders/1/",
    "/api/v1/bookings/./1/",
    "/api/v1/bookings/%2e%2e/%2e%2e/%2e%2e/internal/orders/1/",
    "/api/v1/bookings%2f..%2f..%2finternal/",
    "/api/v1/bookings/%2F/internal/",
    "/api/v1/bookings/..%5c..%5cinternal/",
    "/api/v1/bookings/\\..\\internal/",
    "/api/v1/bookings/a%00b/",
    "/api/v1/bookings/a%0d%0ab/",
    "/%69nternal/orders/1/",
    "/api/v1/internal/orders/1/",
    "/INTERNAL/orders/1/",
    "/api/v1/",
    "/api/v2/bookings/",
    "/api/v1/admin/",
    "/api/v1/practitioner/",
    "/api/v1/webhooks/other/",
    "/ws/",
    "/ws/internal/",
    "/api/v1/uploads/",
    "/api/v1/events/",
    "/internal",
    "http://internal/orders/1/",
]


class TestFind:
    @pytest.mark.parametrize(("path", "owner"), PATHS)
    def test_each_path_of_the_contract_has_its_owner_with_and_without_slash(self, path: str, owner: str):
        table = RouteTable(ROUTES, set(ROUTES.values()))
        for form in (path, f"{path}/"):
            route = table.find(segments_of(form, form.encode()) or [])
            assert route is not None
            assert route.upstream == owner

    def test_a_service_that_is_not_present_is_not_routed(self):
        table = RouteTable(ROUTES, {"booking", "catalog"})
        assert table.find(["sandbox", "stripe", "v1"]) is None
        assert table.find(["api", "v1", "auth", "login"]) is None
        assert table.find(["api", "v1", "bookings"]) is not None


class TestTricks:
    @pytest.mark.parametrize("path", TRICKS)
    async def test_what_is_not_public_is_404_for_everyone(self, gateway, raw_request, path: str):
        status, body = await raw_request(gateway(), f"GET {path} HTTP/1.1")
        assert status == 404
        assert body["code"] == "not_found"

    async def test_an_id_with_odd_characters_still_reaches_its_service(self, gateway, raw_request):
        status, body = await raw_request(gateway(), "GET /api/v1/services/caf%C3%A9%20x%252F/ HTTP/1.1")
        assert (status, body["path"]) == (200, "/api/v1/services/café x%2F/")
