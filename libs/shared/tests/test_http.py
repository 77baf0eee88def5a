"""One request is one transaction; problems name the field; keys make repeats safe."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from shared.records.ids import new_id
from shared.web.http import UtcTime


async def deadlock_once(app: FastAPI, change: str) -> None:
    """The first commit with that change fails as a deadlock's victim does; a sequence is not rolled back."""
    admin = await asyncpg.connect(app.state.runtime.db.url)
    await admin.execute(f"""
        create sequence toy.commits;
        create function toy.deadlock_once() returns trigger language plpgsql security definer as $$
        begin
            if nextval('toy.commits') = 1 then raise exception 'deadlock' using errcode = '40P01'; end if;
            return null;
        end $$;
        create constraint trigger deadlock_once after {change} deferrable initially deferred
            for each row execute function toy.deadlock_once()
    """)
    await admin.close()


class TestProblems:
    async def test_anonymous_is_401_with_the_problem_form(self, toy: FastAPI, client_for) -> None:
        answer = await client_for(toy).post("/api/v1/things/", json={"name": "a"})
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "unauthenticated"
        assert len(answer.json()["trace_id"]) == 32

    async def test_each_bad_field_is_named_without_body(self, toy: FastAPI, client_for) -> None:
        body = {"name": "", "price": {"amount": "5", "currency": "USD"}, "x": 1}
        answer = await client_for(toy).post("/api/v1/things/", json=body, headers=headers_for())
        assert answer.status_code == 422
        assert answer.json()["code"] == "invalid"
        reasons = {error["field"]: error["code"] for error in answer.json()["errors"]}
        assert reasons == {"name": "too_short", "price.amount": "int_type", "x": "extra_forbidden"}

    async def test_nul_is_refused(self, toy: FastAPI, client_for) -> None:
        answer = await client_for(toy).post("/api/v1/things/", json={"name": "a\x00"}, headers=headers_for())
        assert answer.status_code == 422

    async def test_an_id_in_a_path_that_is_no_uuid_is_404(self, toy: FastAPI, client_for) -> None:
        answer = await client_for(toy).get("/api/v1/things/nonsense")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    @pytest.mark.parametrize("method", ["DELETE", "TRACE", "CONNECT", "BREW"])
    async def test_another_method_is_405_with_allow(self, toy: FastAPI, client_for, method: str) -> None:
        answer = await client_for(toy).request(method, "/api/v1/things/")
        assert answer.status_code == 405
        assert answer.json()["code"] == "method_not_allowed"
        assert answer.headers["allow"] == "GET, POST"

    async def test_broken_json_is_422(self, toy: FastAPI, client_for) -> None:
        headers = headers_for() | {"Content-Type": "application/json"}
        answer = await client_for(toy).post("/api/v1/things/", content=b"{", headers=headers)
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["code"], error["field"]) == (422, "json_invalid", "")

    @pytest.mark.parametrize("text", [b'{"name": "\xff"}', b"[" * 100_000, b'{"x":' * 100_000, b"1" * 5_000])
    async def test_what_no_parser_gets_through_is_named_like_broken_json(
        self, toy: FastAPI, client_for, text: bytes
    ) -> None:
        headers = headers_for() | {"Content-Type": "application/json"}
        answer = await client_for(toy).post("/api/v1/things/", content=text, headers=headers)
        errors = [(error["field"], error["code"]) for error in answer.json()["errors"]]
        assert (answer.status_code, answer.json()["code"], errors) == (422, "invalid", [("", "json_invalid")])

    async def test_a_body_that_is_no_object_blames_no_field(self, toy: FastAPI, client_for) -> None:
        answer = await client_for(toy).post("/api/v1/things/", json=[], headers=headers_for())
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "")

    async def test_nul_in_a_search_blames_the_search(self, toy: FastAPI, client_for) -> None:
        answer = await client_for(toy).get("/api/v1/things/?search=%00")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "search")

    async def test_a_body_over_a_mebibyte_is_413_by_length_and_in_chunks(self, toy: FastAPI, client_for) -> None:
        async def chunks():
            for _ in range(20):
                yield b"x" * 100_000

        client, headers = client_for(toy), headers_for() | {"Content-Type": "application/json"}
        by_length = await client.post("/api/v1/things/", content=b"x" * 2_000_000, headers=headers)
        in_chunks = await client.post("/api/v1/things/", content=chunks(), headers=headers)
        assert (by_length.status_code, in_chunks.status_code) == (413, 413)

    async def test_who_leaves_in_the_middle_of_a_body_is_no_error_of_ours(self, toy: FastAPI, capsys) -> None:
        head = {"Idempotency-Key": "a", "Content-Type": "application/json", "Content-Length": "100"} | headers_for()
        scope = {"type": "http", "method": "POST", "path": "/api/v1/things/", "query_string": b"", "root_path": ""}
        scope["headers"] = [(name.lower().encode(), value.encode()) for name, value in head.items()]
        heard = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])
        answered = []

        async def receive():
            return next(heard)

        async def send(message):
            answered.append(message)

        await toy(scope, receive, send)
        assert answered == []
        assert "request.failed" not in capsys.readouterr().out

    async def test_staff_only_and_confirmed(self, toy: FastAPI, client_for) -> None:
        client, path = client_for(toy), f"/api/v1/things/{uuid4()}/burn/"
        assert (await client.post(path)).status_code == 401
        assert (await client.post(path, headers=headers_for())).status_code == 403
        staff = headers_for(roles=("staff",))
        assert (await client.post(path, headers=staff)).status_code == 428
        assert (await client.post(path, headers=staff | {"X-Confirm-Action": "true"})).status_code == 200


class TestTimes:
    @pytest.mark.parametrize("given", [1795180418, 1795180418.0, "1795180418", "2026-12-01", "20261201T090000Z", True])
    def test_what_is_no_rfc_3339_time_is_refused(self, given: object) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(UtcTime).validate_python(given)

    @pytest.mark.parametrize("given", ["2026-12-01T09:00:00Z", "2026-12-01T14:30:00+05:30", "2026-12-01t09:00:00.000z"])
    def test_any_offset_is_turned_into_utc(self, given: str) -> None:
        moment = TypeAdapter(UtcTime).validate_python(given)
        assert moment.isoformat() == "2026-12-01T09:00:00+00:00"


class TestTransactions:
    async def test_a_refusal_after_the_insert_leaves_nothing(self, toy: FastAPI, client_for) -> None:
        client = client_for(toy)
        answer = await client.post("/api/v1/things/", json={"name": "refused"}, headers=headers_for())
        assert answer.status_code == 422
        assert (await client.get("/api/v1/things/")).json()["total"] == 0
        assert await events_of(toy.state.runtime) == []

    async def test_the_event_is_in_the_outbox_with_the_change(self, toy: FastAPI, client_for) -> None:
        made = await client_for(toy).post("/api/v1/things", json={"name": "a"}, headers=headers_for())
        assert made.status_code == 201
        events = await events_of(toy.state.runtime)
        assert [(type(event).__name__, event.model_dump()["name"]) for event in events] == [("ThingMade", "a")]
        assert events[0].occurred_at == toy.state.runtime.clock.now()

    async def test_fields_selects(self, toy: FastAPI, client_for) -> None:
        client = client_for(toy)
        await client.post("/api/v1/things/", json={"name": "a"}, headers=headers_for())
        assert (await client.get("/api/v1/things/?fields=name")).json()["results"] == [{"name": "a"}]
        assert (await client.get("/api/v1/things/?fields=nope")).status_code == 422


class TestIdempotency:
    async def test_a_repeat_gets_the_same_answer(self, toy: FastAPI, client_for) -> None:
        client, headers = client_for(toy), headers_for(user_id=new_id(), idempotency_key="k1")
        first = await client.post("/api/v1/things/", json={"name": "a"}, headers=headers)
        again = await client.post("/api/v1/things", json={"name": "a"}, headers=headers)
        assert first.status_code == again.status_code == 201
        assert first.content == again.content
        assert again.headers["idempotent-replayed"] == "true"

    async def test_another_body_is_422(self, toy: FastAPI, client_for) -> None:
        client, headers = client_for(toy), headers_for(user_id=new_id(), idempotency_key="k1")
        await client.post("/api/v1/things/", json={"name": "a"}, headers=headers)
        other = await client.post("/api/v1/things/", json={"name": "b"}, headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    async def test_twins_make_one_thing(self, toy: FastAPI, client_for) -> None:
        client, headers = client_for(toy), headers_for(user_id=new_id(), idempotency_key="k1")
        calls = [client.post("/api/v1/things/", json={"name": "slow"}, headers=headers) for _ in range(5)]
        answers = sorted([answer.status_code for answer in await asyncio.gather(*calls)])
        assert answers == [201, 409, 409, 409, 409]
        replay = await client.post("/api/v1/things/", json={"name": "slow"}, headers=headers)
        assert replay.status_code == 201

    async def test_a_refusal_frees_the_key(self, toy: FastAPI, client_for) -> None:
        client, headers = client_for(toy), headers_for(user_id=new_id(), idempotency_key="k1")
        for path in ("/api/v1/things/", "/api/v1/far/"):
            name = "refused" if "things" in path else "no"
            refused = await client.post(path, json={"name": name}, headers=headers)
            assert refused.status_code == 422
        assert (await client.post("/api/v1/far/", json={"name": "yes"}, headers=headers)).status_code == 201

    async def test_after_an_unknown_outcome_a_repeat_continues_with_the_same_id(self, toy: FastAPI, client_for) -> None:
        client, headers = client_for(toy), headers_for(user_id=new_id(), idempotency_key="k1")
        first = await client.post("/api/v1/far/", json={"name": "down"}, headers=headers)
        again = await client.post("/api/v1/far/", json={"name": "down"}, headers=headers)
        replay = await client.post("/api/v1/far/", json={"name": "down"}, headers=headers)
        assert (first.status_code, again.status_code, replay.status_code) == (503, 201, 201)
        assert again.json() == replay.json()
        assert (await client.get("/api/v1/things/")).json()["total"] == 1

    async def test_a_retried_deadlock_keeps_the_answer(self, toy: FastAPI, client_for) -> None:
        await deadlock_once(toy, "insert on toy.things")
        client, headers = client_for(toy), headers_for(user_id=new_id(), idempotency_key="k1")
        first, again = [await client.post("/api/v1/things/", json={"name": "a"}, headers=headers) for _ in range(2)]
        assert (first.status_code, again.status_code) == (201, 201)
        assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
        assert (await client.get("/api/v1/things/")).json()["total"] == 1

    async def test_an_answer_that_was_rolled_back_does_not_keep_the_key(self, toy: FastAPI, client_for) -> None:
        await deadlock_once(toy, "update on toy.idempotency")
        client, headers = client_for(toy), headers_for(user_id=new_id(), idempotency_key="k1")
        calls = [await client.post("/api/v1/far/", json={"name": "a"}, headers=headers) for _ in range(3)]
        assert [answer.status_code for answer in calls] == [503, 201, 201]
        assert calls[1].content == calls[2].content
        assert (await client.get("/api/v1/things/")).json()["total"] == 1
