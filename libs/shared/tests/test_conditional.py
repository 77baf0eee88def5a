"""Tags of JSON answers, and 304 to who has the same already."""

import pytest

from shared.web.conditional import etag_of, is_among
from shared.web.edge import Edge
from shared.web.shedding import Load, LoadSettings

BODY = b'{"results":[]}'
NOT_FOUND = b'{"code":"old"}'
ETAG = etag_of(BODY)
TEXT = ETAG.decode()
JSON, PROBLEM, HTML = b"application/json", b"application/problem+json", b"text/html"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (TEXT, True),
        (f"W/{TEXT}", True),
        (f'"a", {TEXT}', True),
        (f'W/"a" ,W/{TEXT}, "b"', True),
        ("*", True),
        (" * ", True),
        ('"*"', False),
        ('"a"', False),
        (TEXT.strip('"'), False),
        (f"{TEXT[:-1]}", False),
        (f'"x{TEXT[1:]}', False),
        (f"w/{TEXT}", False),
        ("", False),
        (f'"a" {TEXT}', False),
    ],
)
def test_a_list_of_tags(given, found):
    assert is_among(ETAG, given.encode()) is found


@pytest.fixture
def client(client_for):
    def make(content_type=JSON, status=200, parts=(BODY,), headers=()):
        async def app(scope, receive, send):
            given = [(b"content-type", content_type), (b"content-length", b"14"), *headers]
            await send({"type": "http.response.start", "status": status, "headers": given})
            for number, part in enumerate(parts, 1):
                await send({"type": "http.response.body", "body": part, "more_body": number < len(parts)})

        return client_for(Edge(app, "toy", Load(LoadSettings.of({}), "toy")))

    return make


async def test_json_has_a_tag_by_which_it_is_not_sent_again(client):
    first = await client().get("/api/v1/things/")
    assert (first.headers["etag"], first.content) == (TEXT, BODY)
    for given in (TEXT, f"W/{TEXT}", "*"):
        again = await client().get("/api/v1/things/", headers={"if-none-match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", TEXT)
        assert not {"content-type", "content-length"} & set(again.headers)
    other = await client().get("/api/v1/things/", headers={"if-none-match": '"other"'})
    assert (other.status_code, other.content) == (200, BODY)


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("POST", "/api/v1/things/", {}),
        ("GET", "/internal/things/", {}),
        ("GET", "/health/ready", {}),
        ("GET", "/api/v1/things/", {"status": 404, "content_type": PROBLEM, "parts": (NOT_FOUND,)}),
        ("GET", "/api/v1/things/", {"status": 201}),
        ("GET", "/api/v1/things/", {"content_type": HTML}),
        ("GET", "/api/v1/things/", {"content_type": b"application/zip"}),
        ("GET", "/api/v1/things/", {"parts": (b"{}", b"")}),
    ],
)
async def test_nothing_else_has_one(client, method, path, answer):
    got = await client(**answer).request(method, path, headers={"if-none-match": "*"})
    assert got.status_code == answer.get("status", 200)
    assert "etag" not in got.headers


async def test_a_tag_of_the_operation_itself_stays(client):
    got = await client(headers=[(b"etag", b'"own"')]).get("/api/v1/things/", headers={"if-none-match": "*"})
    assert (got.status_code, got.headers.get_list("etag")) == (200, ['"own"'])
