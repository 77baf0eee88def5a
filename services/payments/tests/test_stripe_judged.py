"""Each parameter that the gateway sends is judged: misspelt, stripe-mock refuses it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from devtools.stripe.mock import StripeMock, find, needs_stripe_mock
from devtools.testing.servers import served
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from services.payments.stripe.gateway import StripeGateway
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.records.money import Money

pytestmark = needs_stripe_mock
FORM = {"content-type": "application/x-www-form-urlencoded"}
FREE = ("metadata[", "expand[")
"""Whose names, or whose values, are no matter of a name."""
DEEP = {
    "POST accounts: capabilities[card_payments][requesteds_]",
    "POST accounts: capabilities[transfers][requesteds_]",
    "POST accounts: settings[payouts][schedule][intervals_]",
    "GET payouts: created[gtes_]",
    "GET refunds: created[gtes_]",
}
"""What stripe-mock does not look at; the sandbox's own tests see what these do."""
Sent = tuple[str, str, list[tuple[str, str]]]


@pytest.fixture
def mock() -> Iterator[StripeMock]:
    """Stripe's own server for tests."""
    program = find()
    assert program is not None, "ESTUARY_REQUIRE_STRIPE_MOCK=1, and there is no stripe-mock: `make tools` installs it"
    running = StripeMock(program)
    yield running
    running.stop()


@pytest.fixture
async def sent() -> list[Sent]:
    """Every call of the gateway's, with its parameters; each is answered with an outage."""
    calls = list[Sent]()

    async def keep(request: Request) -> Response:
        given = (await request.body()).decode() or request.url.query
        calls.append((request.method, request.url.path.removeprefix("/v1/"), parse_qsl(given, keep_blank_values=True)))
        return Response(b'{"error": {"type": "api_error"}}', 500)

    app = Starlette(routes=[Route("/{path:path}", keep, methods=["GET", "POST", "DELETE"])])
    async with served(app, ws="none", lifespan="off") as address:
        gateway = StripeGateway("sk_test", api_base=f"http://{address}", return_url="https://example.org/", retries=0)
        await call_everything(gateway)
        await gateway.close()
    return calls


async def call_everything(gateway: StripeGateway) -> None:
    """Each call once, with all that it may say."""
    row, usd = new_id(), Money(500, "USD")
    for call in (
        gateway.create_customer(row, 1),
        gateway.has_customer("cus_1"),
        gateway.delete_customer("cus_1"),
        gateway.create_setup(row, "cus_1", "pm_1"),
        gateway.create_setup(row, "cus_1", None),
        gateway.retrieve_setup("seti_1"),
        gateway.cancel_setup("seti_1", row),
        gateway.attach_card("pm_1", "cus_1", row),
        gateway.retrieve_card("pm_1"),
        gateway.detach_card("pm_1"),
        gateway.create_intent(row, usd, "Yoga", by_hand=True, customer_id="cus_1", saves=True),
        gateway.confirm("pi_1", "pm_1", row, saving=True),
        gateway.confirm("pi_1", "pm_1", row, saving=False, off_session=True),
        gateway.name_customer("pi_1", "cus_1", row),
        gateway.capture("pi_1", row),
        gateway.cancel_intent("pi_1", row, 1),
        gateway.retrieve_intent("pi_1"),
        gateway.refund("pi_1", 5, row),
        gateway.list_refunds("pi_1"),
        gateway.create_account(row, email="ada@example.org"),
        gateway.account_link("acct_1"),
        gateway.transfer(usd, "acct_1", row),
        gateway.find_transfer(row),
        gateway.reverse_transfer("tr_1", 5, row),
        gateway.payout(usd, "acct_1", row),
        gateway.find_payout("acct_1", row, machine_now() - timedelta(days=1)),
        gateway.page_of("refund", machine_now(), "re_1"),
    ):
        with suppress(StripeUnavailable, StripeRefused):
            await call


async def refusals(mock: StripeMock, method: str, path: str, params: list[tuple[str, str]]) -> list[str]:
    """What stripe-mock says to that call."""
    said = urlencode(params)
    query, body = ("", said.encode()) if method == "POST" else (said, b"")
    return await mock.call(method, path, query, body, FORM)


async def test_as_they_are_none_is_refused_and_misspelt_all_but_a_few_are(mock: StripeMock, sent: list[Sent]) -> None:
    count, passed = 0, set[str]()
    for method, path, params in sent:
        assert await refusals(mock, method, path, params) == []
        for place, (name, value) in enumerate(params):
            if not name.startswith(FREE):
                wrong = name.removesuffix("]") + "s_" + "]" * name.endswith("]")
                other = [*params[:place], (wrong, value), *params[place + 1 :]]
                count += 1
                if not await refusals(mock, method, path, other):
                    passed.add(f"{method} {path}: {wrong}")
    assert passed == DEEP
    assert count > 50
