"""identity."""

from tests.authorisation.access import INTERNAL, OPEN, PUBLIC, SIGNED_IN, STAFF, Row

ROWS = [
    Row("POST", "/api/v1/auth/register/", OPEN, (201,), body="{registration}"),
    Row("POST", "/api/v1/auth/login/", OPEN, body="{credentials}"),
    Row("POST", "/api/v1/auth/token/refresh/", OPEN, body={"refresh_token": "{client_refresh_token}"}),
    Row("POST", "/api/v1/auth/logout/", PUBLIC, (204,), body={"refresh_token": "{spare_refresh_token}"}),
    Row("GET", "/api/v1/auth/user/", SIGNED_IN),
    Row("PUT", "/api/v1/auth/user/", SIGNED_IN, body={}),
    Row("GET", "/.well-known/jwks.json", OPEN),
    Row("POST", "/api/v1/admin/users/{user_id}/deactivate/", STAFF, fresh="user_id", confirmed=True),
    Row("GET", "/internal/users/{user_id}/", INTERNAL, of={"user_id": "client_user_id"}),
    Row("GET", "/internal/staff/", INTERNAL),
    Row("GET", "/internal/revoked-sessions/", INTERNAL),
]
