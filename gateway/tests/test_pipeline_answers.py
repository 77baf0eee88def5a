"""What the gateway makes of a service's answers, and what it records."""

import asyncio

import orjson
import pytest

from devtools.testing.observation import log_lines
from shared.records.ids import new_id

BOOKINGS = "/api/v1/bookings/"


async def raising(scope, receive, send):
    raise RuntimeError("broken service")


async def silent(scope, receive, send):
    return


async def hanging(scope, receive, send):
    await asyncio.Event().wait()


async def answering_then_raising(scope, receive, send):
    await send({"type": "http.response.start", "status": 500, "headers": [(b"server", b"secret")]})
    await send({"type": "http.response.body", "body": b"{}"})
    raise RuntimeError("already answered")


async def breaking_off(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
    await send({"type": "http.response.body", "body": b"12345", "more_body": True})


async def slowly_streaming(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for number in range(4):
        await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"%d" % number, "more_body": number < 3})


class TestUpstreams:
    @pytest.mark.parametrize(
        ("service", "status", "code"),
        [(raising, 500, "internal_error"), (silent, 502, "bad_gateway"), (hanging, 504, "gateway_timeout")],
    )
    async def test_a_failing_service_gives_a_problem_never_a_hang(self, gateway, client_of, service, status, code):
        app = gateway({"booking": service}, GATEWAY_UPSTREAM_TIMEOUT="0.1")
        response = await client_of(app).get(BOOKINGS)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert "broken service" not in response.text

    async def test_an_error_raised_again_after_the_answer_changes_nothing(self, gateway, client_of):
        response = await client_of(gateway({"booking": answering_then_raising})).get(BOOKINGS)
        assert (response.status_code, response.json()) == (500, {})
        assert "server" not in response.headers

    async def test_a_stream_may_take_longer_than_the_deadline(self, gateway, client_of):
        app = gateway({"booking": slowly_streaming}, GATEWAY_UPSTREAM_TIMEOUT="0.2")
        assert (await client_of(app).get(BOOKINGS)).text == "0123"

    async def test_a_broken_off_answer_is_cut_not_completed(self, gateway, served):
        async with served(gateway({"booking": breaking_off})) as address:
            host, port = address.split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(f"GET {BOOKINGS} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
        assert answer.endswith(b"12345")


class TestRecords:
    async def test_a_refusal_leaves_its_line(self, gateway, client_of):
        client = client_of(gateway(GATEWAY_RATE_LIMITS="on", GATEWAY_RATE_ANONYMOUS="2"))
        with log_lines() as lines:
            await client.get(BOOKINGS, headers={"authorization": "Bearer forged"})
            await client.post(BOOKINGS, content=b"x", headers={"content-type": "text/plain"})
            await client.get(BOOKINGS)
        found = [(line["status"], line["address"]) for line in lines if line["event"] == "request"]
        assert found == [(401, "203.0.113.7"), (415, "203.0.113.7"), (429, "203.0.113.7")]

    async def test_a_fault_leaves_its_error(self, gateway, client_of):
        with log_lines() as lines:
            await client_of(gateway({"booking": raising})).get(BOOKINGS)
        [error] = [line for line in lines if line["log_level"] == "error"]
        assert "broken service" in repr(error["exc_info"])

    async def test_one_line_per_request_without_the_query(self, gateway, client_of, capsys, token_of):
        with log_lines() as lines:
            await client_of(gateway()).get(f"{BOOKINGS}?token={token_of()}", headers={"x-request-id": "mine"})
        (line,) = [line for line in lines if line["event"] == "request"]
        assert {key: line[key] for key in ("method", "route", "address", "status")} == {
            "method": "GET",
            "route": "/api/v1/bookings",
            "address": "203.0.113.7",
            "status": 200,
        }
        assert "path" not in line
        assert "token" not in orjson.dumps(line).decode()

    async def test_the_line_names_the_person_who_asked(self, gateway, client_of, token_of):
        person = new_id()
        with log_lines() as lines:
            await client_of(gateway()).get(BOOKINGS, headers={"authorization": f"Bearer {token_of(user_id=person)}"})
        assert [line["user_id"] for line in lines if line["event"] == "request"] == [str(person)]

    async def test_metrics_count_by_route_and_odd_methods_do_not_add_series(self, gateway, client_of):
        client = client_of(gateway(ESTUARY_METRICS_TOKEN="known"))
        await client.request("BREW", BOOKINGS)
        text = (await client.get("/metrics", headers={"authorization": "Bearer known"})).text
        assert 'service="gateway",status="200"' in text
        assert 'method="OTHER"' in text
        assert "BREW" not in text
