"""identity."""

from tests.authorisation.access import INTERNAL, OPEN, PUBLIC, SIGNED_IN, STAFF, Row, only

ROWS = [
    Row("POST", "/api/v1/auth/register/", OPEN, (201,), body="{registration}"),
    Row("POST", "/api/v1/auth/login/", OPEN, body="{credentials}"),
    Row("POST", "/api/v1/auth/token/refresh/", OPEN, body={"refresh_token": "{client_refresh_token}"}),
    Row("POST", "/api/v1/auth/logout/", PUBLIC, (204,), body={"refresh_token": "{spare_refresh_token}"}),
    Row("GET", "/api/v1/auth/user/", SIGNED_IN),
    Row("PUT", "/api/v1/auth/user/", SIGNED_IN, body={}),
    Row("POST", "/api/v1/auth/verify-email/", OPEN, (422,), body={"token": "none"}),
    Row("POST", "/api/v1/auth/verify-email/resend/", SIGNED_IN, (202,)),
    Row("POST", "/api/v1/auth/password/reset/", OPEN, (202,), body={"email": "nobody@example.com"}),
    Row(
        "POST",
        "/api/v1/auth/password/reset/confirm/",
        OPEN,
        (422,),
        body={"token": "none", "password": "another quiet river"},
    ),
    Row(
        "POST",
        "/api/v1/auth/password/change/",
        SIGNED_IN,
        (422,),
        body={"current_password": "no", "password": "another quiet river"},
    ),
    Row("POST", "/api/v1/auth/email/change/", SIGNED_IN, (202,), body={"email": "elsewhere@example.com"}),
    Row("POST", "/api/v1/auth/email/change/confirm/", OPEN, (422,), body={"token": "none"}),
    Row("POST", "/api/v1/auth/email/undo/", OPEN, (422,), body={"token": "none"}),
    Row("GET", "/api/v1/auth/sessions/", SIGNED_IN),
    Row("DELETE", "/api/v1/auth/sessions/{session_id}/", only(), of={"session_id": "new_session_id"}),
    Row("POST", "/api/v1/auth/sessions/end-others/", SIGNED_IN),
    Row("GET", "/account/{page}/", OPEN),
    Row("POST", "/account/{page}/", OPEN, (422,), body={"token": "none"}),
    Row("GET", "/.well-known/jwks.json", OPEN),
    Row("POST", "/api/v1/admin/users/{user_id}/deactivate/", STAFF, fresh="user_id", confirmed=True),
    Row("GET", "/internal/users/{user_id}/", INTERNAL, of={"user_id": "client_user_id"}),
    Row("GET", "/internal/staff/", INTERNAL),
    Row("GET", "/internal/mail-tokens/{mail_token_id}/", INTERNAL, (404,), of={"mail_token_id": "new_session_id"}),
    Row("GET", "/internal/revoked-sessions/", INTERNAL),
]
