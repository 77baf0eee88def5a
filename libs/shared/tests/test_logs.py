"""What a line looks like, and what never stands in it. In a process of its own: logs are set up once per process."""

import json
import subprocess
import sys
import time
from typing import Any

import pytest

from shared.observability import logs

PROGRAM = """
import logging
from shared.observability import logs
from shared import trace
logs.configure("INFO")
trace.begin("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
said = {said!r}
logs.logger(service="booking").info("thing.done", note=said)
try:
    raise ValueError(said)
except ValueError as error:
    logs.logger().error("thing.failed", error=repr(error), exc_info=error)
    logging.getLogger("some.library").exception("it failed: %s", said)
logs.logger().debug("not said")
"""
SENSITIVE = {
    "an e-mail address": ("cannot write to casey.lind+x@mail.example.org now", "casey"),
    "one of every sign": ("cannot write to o'n!e#i$l%x*^`{|}~@example.org now", "o'n"),
    "one in an address of a page": ("cannot ask https://example.net/?to=casey%40example.org", "casey"),
    "one in quotes": ('550 no such user: "casey lind"@example.org', "casey"),
    "a password of a query": ("cannot reach postgresql://db:5432/estuary?password=hunter2&sslmode=require", "hunter2"),
    "a token": ("refused eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl at the gate", "eyJ"),
    "a header": ("sent Authorization: Bearer abcdefghijkl", "abcdefghijkl"),
    "an API key": ("no key est_Yx3-_kq9PzT1mB7vR2sLw8nD4cF6hJ0a5gUeIoX1bQ2 here", "Yx3-_kq9"),
    "a client secret": ("intent pi_3Abc_secret_def456 cannot be used", "def456"),
    "a key": ("Invalid API Key provided: sk_live_abcdef123456", "abcdef123456"),
    "a row": ("duplicate key\nDETAIL:  Key (last_name)=(Lind) already exists.\nmore", "Lind"),
    "a statement's values": ("IntegrityError\n[SQL: insert into users]\n[parameters: ('Casey', 'Lind')]", "Lind"),
    "a password in an address": ("cannot reach postgresql://casey:hunter2@postgres:5432/estuary", "hunter2"),
    "a password of any signs": ("cannot reach smtps://casey@example.org:hunter2!?@mail:465", "hunter2"),
    "a password without a name": ("cannot reach redis://:hunter2@valkey:6379/0", "hunter2"),
    "an argument": ("DataError: invalid input for query argument $1: 'Lind' (an integer is required)", "Lind"),
    "an argument of many": (
        "invalid input for query argument $2 in element #7 of executemany() sequence: 'Lind'",
        "Lind",
    ),
    "an argument that Postgres read": ('invalid input syntax for type uuid: "Lind"', "Lind"),
    "a refused input": ("1 error [type=x, input_value={'password': 'hunter2'}, input_type=dict]", "hunter2"),
}
OF_ADDRESSES = {
    "an API key in an address": ("cannot ask http://localhost/x/est_Yx3-_kq9PzT1mB7vR2sLw8?page=1", "Yx3-_kq9"),
    "an encoded API key": ("cannot ask /x?key=a%20est_Yx3-_kq9PzT1mB7vR2sLw8", "Yx3-_kq9"),
    "a client's login": ("sent Authorization: Basic am91cm5hbDpodW50ZXIy", "am91cm5hbDpodW50ZXIy"),
    "a mailed link": ("cannot open https://book.example/reset-password?token=AZ3k-qZ9x_w", "AZ3k"),
    "a way back with a code": ("303 to https://book.example/back?state=s1&code=Zk3hunter2&iss=x", "hunter2"),
    "a state": ("303 to https://book.example/back?state=hunter2&iss=x", "hunter2"),
    "a ticket": ("cannot open wss://book.example/ws/chat/?after=1&ticket=hunter2", "hunter2"),
    "a signed address": ("cannot fetch https://store.example/a.png?X-Amz-Date=1&X-Amz-Signature=hunter2", "hunter2"),
    "a refresh token": ("body grant_type=refresh_token&refresh_token=hunter2", "hunter2"),
    "a verifier": ("body code_verifier=hunter2", "hunter2"),
}


SHORT_ROAD = """
from shared.observability import logs
from shared import trace
logs.configure({level!r})
trace.begin("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
said = {{"path": {said!r}, "status": 200, "ms": 1.5}}
logs.RequestLogger("request", service="gateway")(**said)
logs.logger(service="gateway").info("request", **said)
"""


def lines(said: str, program: str = PROGRAM, level: str = "INFO") -> list[dict[str, Any]]:
    code = program.format(said=said, level=level)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_break_begins_no_line():
    said = 'a\n{"event": "forged"}\r\x0bb\x85c\u2028{"event": "forged"}\u2029é'
    assert [line["event"] for line in lines(said)] == ["thing.done", "thing.failed", f"it failed: {said}"]
    assert [line["path"] for line in lines(said, SHORT_ROAD)] == [said, said]


def test_an_ordinary_request_has_nothing_to_look_for():
    line = b'{"event":"request","method":"GET","route":"/api/v1/services/{id}/","status":200,"address":"203.0.113.7",'
    line += b'"user_id":"0193b1c2-7a5e-7c3a-9d1e-0a1b2c3d4e5f","ms":1.5,"request_id":"0193b1c2-7a5e-7c3a-9d1e"}'
    assert logs.plain(line)
    assert not logs.plain(line.replace(b"203.0.113.7", b"est_Yx3-_kq9PzT1"))


def test_every_line_is_json_with_its_trace_also_those_of_libraries():
    found = lines("plain words")
    assert [line["event"] for line in found] == ["thing.done", "thing.failed", "it failed: plain words"]
    assert {line["trace_id"] for line in found} == {"4bf92f3577b34da6a3ce929d0e0e4736"}
    assert all(line["timestamp"].endswith("Z") and line["level"] in {"info", "error"} for line in found)
    assert found[0] | {"timestamp": ""} == {
        "event": "thing.done", "level": "info", "note": "plain words", "service": "booking", "timestamp": "",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }  # fmt: skip
    assert found[2]["logger"] == "some.library"
    assert "ValueError: plain words" in found[1]["exception"]


@pytest.mark.parametrize("what", SENSITIVE)
def test_exceptions_bring_nothing_along(what: str):
    said, secret = SENSITIVE[what]
    found = lines(said)
    assert len(found) == 3
    assert secret not in json.dumps(found)
    assert "[removed]" in found[0]["note"]


@pytest.mark.parametrize("what", OF_ADDRESSES)
def test_what_opens_something_is_removed(what: str):
    said, secret = OF_ADDRESSES[what]
    assert secret not in logs.redact(said)
    assert any(marker in said.lower().encode() for marker in logs.MARKERS)


@pytest.mark.parametrize(
    "said", ["exit code=1", "the latest_version_of_it", "state=open", "/oauth/token?page=1", "basic"]
)
def test_plain_words_stay(said: str):
    assert logs.redact(said) == said


@pytest.mark.parametrize("said", ["/api/v1/bookings/", "/ä\n/", *(said for said, _ in SENSITIVE.values())])
def test_a_teller_s_line_is_that_of_a_logger(said: str):
    quick, usual = lines(said, SHORT_ROAD)
    assert list(quick) == list(usual)
    assert quick | {"timestamp": ""} == usual | {"timestamp": ""}
    assert len(quick["timestamp"]) == len(usual["timestamp"]) == 27


@pytest.mark.parametrize("what", SENSITIVE)
def test_a_teller_is_discreet_too(what: str):
    said, secret = SENSITIVE[what]
    assert secret not in json.dumps(lines(said, SHORT_ROAD))


def test_a_teller_says_nothing_where_the_level_is_higher():
    assert lines("/", SHORT_ROAD, "WARNING") == []


@pytest.mark.parametrize(
    "text",
    [
        *("@" * 16_000, "a.-" * 5_000 + "@", "a@" * 8_000, "eyJ" * 5_000, "bearer " * 2_000, "input_value=" * 1_300),
        *("://" * 5_000, "://" + "a:" * 8_000, "://a@" * 3_200, "://a:" * 3_200, "query argument $" * 1_000),
        *("a'" * 8_000, "'" * 16_000, "a%40" * 4_000, '"a' * 8_000, '"@' * 8_000, "password=" * 1_700),
        *("invalid input syntax for " * 650, "est_" * 4_000, "est_-" * 3_200, "?code=" * 2_700, "basic " * 2_700),
    ],
)
def test_redaction_is_linear_in_the_text(text: str):
    begun = time.process_time()
    logs.redact(text)
    assert time.process_time() - begun < 0.1  # a form that looks again from each character takes seconds


def test_uvicorn_says_nothing_of_a_request_that_was_refused():
    program = """
import logging
from shared.observability import logs
logs.configure("INFO")
logging.getLogger("uvicorn.error").warning({said!r})
"""
    assert lines("Invalid HTTP request received.", program) == []
    assert len(lines("Exceeded concurrency limit.", program)) == 1


def test_a_long_text_is_cut():
    assert len(logs.redact("x" * 1_000_000)) < 17_000
