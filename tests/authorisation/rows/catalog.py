"""catalog."""

from tests.authorisation.access import (
    INTERNAL,
    OWN_PRACTITIONER,
    PRACTITIONERS,
    PUBLIC,
    SIGNED_IN,
    STAFF,
    Row,
    only,
)

WITHDRAWN = {"service_id": "withdrawn_id"}
PENDING = {"practitioner_id": "pending_id"}
LOCATIONS = "/api/v1/practitioners/{practitioner_id}/locations"
UNSEEN = {"anonymous": 404}
"""What only its owner and staff see."""

ROWS = [
    Row("GET", "/api/v1/practitioners/", PUBLIC),
    Row("GET", "/api/v1/practitioners/{practitioner_id}/", PUBLIC),
    Row(
        "GET",
        "/api/v1/practitioners/{practitioner_id}/",
        only("other_client", "staff", "superuser") | UNSEEN,
        of=PENDING,
    ),
    Row("PUT", "/api/v1/practitioners/{practitioner_id}/", only("practitioner"), body={}),
    Row("GET", "/api/v1/admin/practitioners/", STAFF),
    Row("POST", "/api/v1/admin/practitioners/{practitioner_id}/verification/", STAFF, body={"decision": "approve"}),
    Row("GET", "/internal/practitioners/{practitioner_id}/", INTERNAL),
    Row("GET", "/internal/practitioners/{practitioner_id}/services-over-limit/", INTERNAL, query="limit=2"),
    Row("GET", "/internal/practitioners/by-user/{user_id}/", INTERNAL, of={"user_id": "practitioner_user_id"}),
    Row("GET", "/api/v1/services/categories/", PUBLIC),
    Row("GET", "/api/v1/services/", PUBLIC),
    Row("POST", "/api/v1/services/", PRACTITIONERS, (201,), body="{service}"),
    Row("GET", "/api/v1/services/{service_id}/", PUBLIC),
    Row("GET", "/api/v1/services/{service_id}/", only("practitioner", "staff", "superuser") | UNSEEN, of=WITHDRAWN),
    Row("PUT", "/api/v1/services/{service_id}/", OWN_PRACTITIONER, body={"title": "Evening yoga"}),
    Row("DELETE", "/api/v1/services/{service_id}/", OWN_PRACTITIONER, (204,), of=WITHDRAWN),
    Row("GET", "/api/v1/practitioners/{practitioner_id}/services/", PUBLIC),
    Row("GET", "/internal/services/{service_id}/", INTERNAL),
    Row("GET", f"{LOCATIONS}/", PUBLIC),
    Row("POST", f"{LOCATIONS}/", only("practitioner"), (201,), body="{location}"),
    Row("PUT", f"{LOCATIONS}/{{location_id}}/", only("practitioner"), body={"name": "Garden"}),
    Row(
        "DELETE",
        f"{LOCATIONS}/{{location_id}}/",
        only("practitioner"),
        (204,),
        of={"location_id": "spare_location_id"},
        fresh="spare_location_id",
    ),
    Row("GET", "/internal/practitioners/{practitioner_id}/locations/", INTERNAL, callers=("booking",)),
    *(
        row
        for kind in ("package", "bundle")
        for row in (
            Row("GET", f"/api/v1/{kind}s/", PUBLIC),
            Row("POST", f"/api/v1/{kind}s/", PRACTITIONERS, (201, 404), body=f"{{{kind}}}"),
            Row("GET", f"/api/v1/{kind}s/{{{kind}_id}}/", PUBLIC),
            Row("PUT", f"/api/v1/{kind}s/{{{kind}_id}}/", OWN_PRACTITIONER, body={"title": "Ten times"}),
            Row(
                "DELETE",
                f"/api/v1/{kind}s/{{{kind}_id}}/",
                OWN_PRACTITIONER,
                (204,),
                of={f"{kind}_id": f"withdrawn_{kind}_id"},
            ),
        )
    ),
    Row("GET", "/internal/packages/{package_id}/", INTERNAL),
    # Last: everybody has applied then.
    Row("POST", "/api/v1/practitioners/apply/", SIGNED_IN, (201, 409), body="{profile}"),
]
