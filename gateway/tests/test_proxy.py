"""A service behind a real server: what a Proxy passes on, and what it does when the service is not well."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from gateway.asgi import ask
from gateway.proxy import Proxy

BOOKINGS = "/api/v1/bookings/"
JSON = {"content-type": "application/json"}


class TestRequests:
    async def test_method_path_query_headers_and_body_arrive_as_sent(self, through, served, echo_service):
        async with served(echo_service("booking")) as behind, through(behind) as session:
            path = f"{BOOKINGS}a%20b%C3%A9/?search=%C3%BC&search=a%2Fb&empty="
            headers = {**JSON, "X-Forwarded-For": "6.6.6.6", "Accept-Encoding": "br"}
            async with session.put(URL(path, encoded=True), data=b'{"a": 1}', headers=headers) as answer:
                seen = await answer.json()
        sent = dict(seen["headers"])
        assert (seen["method"], seen["path"], seen["body"]) == ("PUT", f"{BOOKINGS}a bé/", '{"a": 1}')
        assert seen["query"] == "search=%C3%BC&search=a%2Fb&empty="
        assert (sent["x-forwarded-for"], sent["accept-encoding"]) == ("127.0.0.1", "br")
        assert len(sent["traceparent"]) == 55
        assert [key for key, _ in seen["headers"]].count("host") == 1

    @pytest.mark.parametrize("size", [0, 10, 70_000, 1_000_000])
    @pytest.mark.parametrize("chunked", [False, True])
    async def test_bodies_of_every_size_and_framing_arrive_whole(self, through, served, echo_service, size, chunked):
        async def parts() -> AsyncIterator[bytes]:
            for start in range(0, size, 10_000):
                yield b"x" * min(10_000, size - start)

        async with served(echo_service("booking")) as behind, through(behind) as session:
            data = parts() if chunked else b"x" * size
            async with session.post(BOOKINGS, data=data, headers=JSON) as answer:
                assert len((await answer.json())["body"]) == size

    async def test_a_body_over_the_limit_is_413_and_never_complete_behind(self, through, served):
        completed = []

        async def counting(scope, receive, send) -> None:
            while (message := await receive())["type"] == "http.request":
                if not message["more_body"]:
                    completed.append(True)
                    return

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b"x" * 50_000

        async with (
            served(counting) as behind,
            through(behind) as session,
            session.post(BOOKINGS, data=endless(), headers=JSON) as answer,
        ):
            assert answer.status == 413
            assert (await answer.json())["code"] == "body_too_large"
        assert not completed

    async def test_status_headers_and_repeated_cookies_come_back(self, through, served):
        async def answering(scope, receive, send) -> None:
            cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
            headers = [*cookies, (b"location", b"/x"), (b"connection", b"x-private"), (b"content-encoding", b"gzip")]
            await send({"type": "http.response.start", "status": 303, "headers": headers})
            await send({"type": "http.response.body", "body": b"not really gzip"})

        async with (
            served(answering) as behind,
            through(behind) as session,
            session.get(BOOKINGS, allow_redirects=False, auto_decompress=False) as answer,
        ):
            assert answer.status == 303
            assert answer.headers.getall("set-cookie") == ["a=1", "b=2"]
            assert answer.headers["content-encoding"] == "gzip"
            assert len(answer.headers.getall("date")) == 1
            assert await answer.read() == b"not really gzip"

    @pytest.mark.parametrize("status", [204, 304])
    async def test_answers_without_body(self, through, served, status):
        async def answering(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        async with served(answering) as behind, through(behind) as session:
            for _ in range(2):
                async with session.get(BOOKINGS) as answer:
                    assert (answer.status, await answer.read()) == (status, b"")

    @pytest.mark.parametrize("parts", [[b"12345"], [b"123", b"45"]], ids=["at once", "as a stream"])
    async def test_head_is_answered_as_get_without_the_body(self, through, served, parts):
        methods = []

        async def answering(scope, receive, send) -> None:
            methods.append(scope["method"])
            headers = [(b"content-length", b"5"), (b"etag", b'"1"')]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            for number, body in enumerate(parts, start=1):
                await send({"type": "http.response.body", "body": body, "more_body": number < len(parts)})

        async with served(answering) as behind, through(behind) as session:
            for _ in range(2):
                async with session.head(BOOKINGS) as answer:
                    assert (answer.status, await answer.read()) == (200, b"")
                    assert (answer.headers["content-length"], answer.headers["etag"]) == ("5", '"1"')
        assert methods == ["GET"] * 2

    async def test_an_answer_that_ends_with_its_connection_arrives_whole(self, through, answering_once):
        for parts in ([b"HTTP/1.0 200 OK\r\n\r\n", b"all", b" of it"], [b"HTTP/1.0 200 OK\r\n\r\nall of it"]):
            async with (
                answering_once(*parts) as behind,
                through(behind) as session,
                session.get(BOOKINGS) as answer,
            ):
                assert (answer.status, await answer.read()) == (200, b"all of it")

    async def test_nothing_is_added_to_what_the_client_said(self, through, answering_once):
        heard: list[bytes] = []
        async with (
            answering_once(b"HTTP/1.1 204 No Content\r\n\r\n", heard=heard) as behind,
            through(behind) as session,
            session.get(BOOKINGS, skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding")) as answer,
        ):
            assert answer.status == 204
        names = [line.split(b":")[0].lower() for line in heard[0].split(b"\r\n")[1:-2]]
        assert names[0] == b"host"
        assert sorted(names[1:]) == [
            b"traceparent",
            *(b"x-forwarded-" + of for of in (b"for", b"host", b"proto")),
            b"x-request-id",
        ]


class TestStreams:
    async def test_an_answer_arrives_as_it_is_made_and_may_outlast_the_deadline(self, through, served):
        go_on = asyncio.Event()

        async def streaming(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await go_on.wait()
            await send({"type": "http.response.body", "body": b"second"})

        async with (
            served(streaming) as behind,
            through(behind, GATEWAY_UPSTREAM_TIMEOUT=0.2) as session,
            session.get(BOOKINGS) as answer,
        ):
            assert await answer.content.readany() == b"first"
            await asyncio.sleep(0.3)
            go_on.set()
            assert await answer.content.readany() == b"second"

    async def test_both_ways_at_once(self, through, served):
        async def repeating(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while (message := await receive())["type"] == "http.request":
                await send({"type": "http.response.body", "body": message["body"], "more_body": message["more_body"]})
                if not message["more_body"]:
                    return

        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def answering_oneself() -> AsyncIterator[bytes]:
            yield b"0"
            for _ in range(5):
                yield await heard.get()

        async with (
            served(repeating) as behind,
            through(behind) as session,
            session.post(BOOKINGS, data=answering_oneself(), headers=JSON) as answer,
        ):
            whole = b""
            async for part in answer.content.iter_any():
                whole += part
                heard.put_nowait(b"%d" % len(whole))
        assert whole == b"012345"

    async def test_a_client_that_leaves_frees_the_service(self, through, served):
        left = asyncio.Event()

        async def silent_stream(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello", "more_body": True})
            await receive()
            await receive()
            left.set()

        async with served(silent_stream) as behind, through(behind) as session:
            answer = await session.get(BOOKINGS)
            assert await answer.content.readany() == b"hello"
            answer.close()
            await asyncio.wait_for(left.wait(), 5)

    async def test_a_client_that_does_not_wait_ends_the_request_where_answers_are_dear(self, through, served):
        begun, left = asyncio.Event(), asyncio.Event()

        async def dear(scope, receive, send) -> None:
            assert (await receive())["body"] == b"{}"
            begun.set()
            assert (await receive())["type"] == "http.disconnect"
            left.set()

        async with served(dear) as behind, through(behind, ends_with_caller=True) as session:
            asking = asyncio.create_task(session.post(BOOKINGS, data=b"{}", headers=JSON))
            await asyncio.wait_for(begun.wait(), 5)
            asking.cancel()
            await asyncio.wait_for(left.wait(), 5)

    async def test_where_answers_are_dear_they_come_all_the_same(self, through, served, echo_service):
        async with served(echo_service("booking")) as behind, through(behind, ends_with_caller=True) as session:
            for body in (b"{}", b"x" * 200_000):
                async with session.post(BOOKINGS, data=body, headers=JSON) as answer:
                    assert (await answer.json())["body"] == body.decode()
            async with session.get(BOOKINGS) as answer:
                assert answer.status == 200

    async def test_the_gateway_itself_gets_its_answers_too(self, served, echo_service):
        async with served(echo_service("booking")) as behind:
            proxy = Proxy(f"http://{behind}", ends_with_caller=True)
            try:
                assert (await ask(proxy, BOOKINGS, timeout=5)).status == 200
            finally:
                await proxy.close()
