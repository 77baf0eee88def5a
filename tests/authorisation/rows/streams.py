"""streams."""

from tests.authorisation.access import OWN_PRACTITIONER, PRACTITIONERS, PUBLIC, SIGNED_IN, Row, only

API = "/api/v1"
STREAM = f"{API}/streams/{{stream_id}}"
POST = f"{API}/posts/{{post_id}}"
DRAFT = {"post_id": "draft_id"}
WROTE_OR_OWNS = only("client", "practitioner")
UNSEEN = {"anonymous": 404}
NEW_COMMENT = {"body": "Lovely."}

ROWS = [
    Row("GET", f"{API}/streams/", PUBLIC),
    Row("GET", f"{API}/streams/", SIGNED_IN, query="saved=true"),
    Row("POST", f"{API}/streams/", PRACTITIONERS, (201,), body="{stream}"),
    Row("GET", f"{STREAM}/", PUBLIC),
    Row("PUT", f"{STREAM}/", OWN_PRACTITIONER, body={}),
    Row(
        "DELETE",
        f"{STREAM}/",
        OWN_PRACTITIONER,
        (204,),
        of={"stream_id": "spare_stream_id"},
        fresh="spare_stream_id",
    ),
    Row("POST", f"{STREAM}/tips/", SIGNED_IN, (422,), body={"amount": {"amount": 500, "currency": "USD"}}),
    Row("GET", f"{API}/streams/my-subscriptions/", SIGNED_IN),
    Row("POST", f"{STREAM}/subscribe/", SIGNED_IN, (200, 201), body={"tier_level": 0}),
    Row("DELETE", f"{STREAM}/subscribe/", SIGNED_IN, (204,)),
    Row("POST", f"{STREAM}/like/", SIGNED_IN, (204,)),
    Row("DELETE", f"{STREAM}/like/", SIGNED_IN, (204,)),
    Row("POST", f"{STREAM}/save/", SIGNED_IN, (204,)),
    Row("DELETE", f"{STREAM}/save/", SIGNED_IN, (204,)),
    Row("GET", f"{STREAM}/comments/", SIGNED_IN),
    Row("POST", f"{STREAM}/comments/", SIGNED_IN, (201,), body=NEW_COMMENT),
    Row("DELETE", f"{STREAM}/comments/{{comment_id}}/", WROTE_OR_OWNS, (204,), fresh="comment_id"),
    Row("GET", f"{STREAM}/posts/", PUBLIC),
    Row("POST", f"{STREAM}/posts/", OWN_PRACTITIONER, (201,), body="{post}"),
    Row("GET", f"{POST}/", PUBLIC),
    Row("GET", f"{POST}/", only("practitioner") | UNSEEN, of=DRAFT),
    Row("PUT", f"{POST}/", OWN_PRACTITIONER, body={}),
    Row("POST", f"{POST}/vote/", SIGNED_IN, (200, 409), body={"option_id": "{option_id}"}),
    Row("POST", f"{POST}/like/", SIGNED_IN, (204,)),
    Row("POST", f"{POST}/like/", only("practitioner"), (204,), of=DRAFT),
    Row("DELETE", f"{POST}/like/", SIGNED_IN, (204,)),
    Row("GET", f"{POST}/comments/", SIGNED_IN),
    Row("GET", f"{POST}/comments/", only("practitioner"), of=DRAFT),
    Row("POST", f"{POST}/comments/", SIGNED_IN, (201,), body=NEW_COMMENT),
    Row(
        "DELETE",
        f"{POST}/comments/{{comment_id}}/",
        WROTE_OR_OWNS,
        (204,),
        of={"comment_id": "post_comment_id"},
        fresh="post_comment_id",
    ),
    Row("DELETE", f"{POST}/", OWN_PRACTITIONER, (204,), of={"post_id": "spare_post_id"}, fresh="spare_post_id"),
]
