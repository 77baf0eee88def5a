"""The judges of the Stripe sandbox and of our calls: they let pass what Stripe publishes, and nothing misspelt."""

import json

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from devtools.stripe.cut import SCHEMA
from devtools.stripe.judge import Judge
from devtools.stripe.mock import StripeMock, find, needs_stripe_mock
from devtools.stripe.watched import Verdict, Watched
from estuary.sandbox.stripe.routes import ROUTES

REFUND = {"id": "re_1", "object": "refund", "amount": 500, "currency": "usd", "created": 1, "status": "succeeded"}
EVENT = {
    "id": "evt_1",
    "object": "event",
    "api_version": None,
    "created": 1,
    "data": {"object": REFUND},
    "livemode": False,
    "pending_webhooks": 0,
    "request": None,
    "type": "refund.created",
}


@pytest.fixture(scope="module")
def judge():
    return Judge()


@pytest.fixture
def mock():
    program = find()
    assert program is not None, "ESTUARY_REQUIRE_STRIPE_MOCK=1, and there is no stripe-mock: `make tools` installs it"
    running = StripeMock(program)
    yield running
    running.stop()


def watched(verdict: Verdict, answer: object, *, ours: bool = False) -> httpx2.AsyncClient:
    """A client of a sandbox that answers everything in that way."""

    async def say(request: Request) -> Response:
        return Response(json.dumps(answer), media_type="application/json")

    app = Starlette(routes=[Route("/{path:path}", say, methods=["GET", "POST"])])
    transport = httpx2.ASGITransport(Watched(app, verdict, ours=ours))
    headers = {"user-agent": "Stripe/v1 PythonBindings"}
    return httpx2.AsyncClient(transport=transport, base_url="http://sandbox/sandbox/stripe/v1", headers=headers)


class TestAnswers:
    def test_every_call_of_the_sandbox_is_one_of_stripes(self):
        assert {f"{method} {route}" for method, route in ROUTES} == set(json.loads(SCHEMA.read_text())["answers"])

    def test_what_stripe_publishes_passes(self, judge):
        assert judge.answer("GET", "refunds/re_1", 200, json.dumps(REFUND).encode()) == []

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"amuont": 500}, "'amuont' was unexpected"),
            ({"amount": "500"}, "amount"),
            (
                {"destination_details": {"type": "card", "card": {"type": "refund", "tpye": "refund"}}},
                "'tpye' was unexpected",
            ),
            ({"reason": "none"}, "reason"),
            ({"object": "refnud"}, "object"),
        ],
    )
    def test_what_it_does_not_is_named(self, judge, change, said):
        (fault,) = judge.answer("GET", "refunds/re_1", 200, json.dumps(REFUND | change).encode())
        assert fault.startswith("GET refunds/*: ")
        assert said in fault

    def test_errors_are_judged_too(self, judge):
        assert judge.answer("GET", "refunds/x", 404, b'{"error": {"type": "invalid_request_error"}}') == []
        assert judge.answer("GET", "refunds/x", 404, b'{"error": {"type": "invalid"}}') != []

    async def test_a_test_that_sees_a_misspelt_field_fails(self):
        verdict = Verdict(None)
        for answer, fails in ((REFUND, False), (REFUND | {"curency": "usd"}, True)):
            async with watched(verdict, answer) as client:
                await client.get("/refunds/re_1")
            if fails:
                with pytest.raises(AssertionError, match="curency"):
                    verdict.demand_none()
            verdict.demand_none()


class TestEvents:
    def test_what_stripe_publishes_passes(self, judge):
        assert judge.event(EVENT) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"type": "refund.made"},
            {"tpye": "refund.created"},
            {"data": {"object": REFUND | {"amuont": 1}}},
            {"livemode": None},
        ],
    )
    def test_what_it_does_not_is_named(self, judge, change):
        assert len(judge.event(EVENT | change)) == 1


@needs_stripe_mock
class TestCalls:
    async def test_a_misspelt_parameter_and_an_unknown_word_are_refused(self, mock):
        async def said(body: str) -> list[str]:
            return await mock.call("POST", "setup_intents", "", body.encode(), {"content-type": FORM})

        assert await said("customer=cus_1&usage=off_session") == []
        assert "custmer" in (await said("custmer=cus_1"))[0]
        assert len(await said("usage=sometimes")) == 1
        assert await mock.call("GET", "refunds", "payment_intent=pi_1&limit=100", b"", {}) == []
        assert len(await mock.call("POST", "refunds/re_1/undo", "", b"", {})) == 1

    async def test_a_test_that_sends_a_misspelt_parameter_fails(self, mock):
        verdict = Verdict(mock)
        async with watched(verdict, REFUND, ours=True) as client:
            await client.post("/refunds", data={"payment_intent": "pi_1", "amount": "5"})
            verdict.demand_none()
            await client.post("/refunds", data={"payment_intent": "pi_1", "amuont": "5"})
        with pytest.raises(AssertionError, match="amuont"):
            verdict.demand_none()


FORM = "application/x-www-form-urlencoded"
