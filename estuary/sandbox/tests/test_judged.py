"""Each field that the sandbox answers is judged: misspelt, it is named by the judge of Stripe's schema."""

import json
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import text

from devtools.stripe.judge import Judge
from estuary.sandbox.tests.conftest import Sandbox, refused

FREE = ("metadata", "capabilities", "headers")
"""Whose names are anybody's."""
LISTS = [
    *("accounts", "balance_transactions", "charges", "customers", "disputes", "payment_intents"),
    *("refunds", "setup_intents", "transfers"),
]
EVENTS = text("select data::text from objects where kind = 'event'")


async def live(sandbox: Sandbox) -> str:
    """Something of each kind comes about; answers a customer's id."""
    v1 = sandbox.v1
    customer = (await v1.customers.create_async({"email": "ada@example.org"})).id
    for card in ("pm_card_visa", "pm_card_authenticationRequired"):
        params = {"customer": customer, "payment_method": card, "confirm": True, "return_url": "https://example.org/"}
        await v1.setup_intents.create_async(params)
    await refused(v1.setup_intents.create_async(params | {"payment_method": "pm_card_chargeDeclined"}))
    paid = await sandbox.paid(card="pm_card_bypassPending")
    await v1.refunds.create_async({"payment_intent": paid.id, "amount": 5})
    await sandbox.paid(card="pm_card_createDispute")
    await sandbox.paid(card="pm_card_threeDSecure2Required", return_url="https://example.org/")
    await sandbox.paid(capture_method="manual")
    await refused(sandbox.paid(card="pm_card_chargeDeclinedLostCard"))
    account = await sandbox.onboarded()
    await v1.transfers.create_async({"amount": 50, "currency": "usd", "destination": account.id})
    await sandbox.hooks.wait_for("charge.dispute.created")
    return str(customer)


async def answers(sandbox: Sandbox) -> list[tuple[str, Any]]:
    """What the calls of that path answer."""
    customer = await live(sandbox)
    options = {"Authorization": "Bearer sk_test_estuary"}
    found = list[tuple[str, Any]]()
    for path in [*LISTS, "balance", f"customers/{customer}", f"customers/{customer}/payment_methods"]:
        status, _, said = await sandbox.get(f"{sandbox.address}/sandbox/stripe/v1/{path}", **options)
        assert status == 200, said
        found.append((path, json.loads(said)))
    return found


def misspelt(value: Any) -> Iterator[tuple[str, Any]]:
    """The same with one name misspelt, for each name at every depth, and which one."""
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from ((said, [*value[:place], other, *value[place + 1 :]]) for said, other in misspelt(inner))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name, {key if key != name else f"{name}s_": each for key, each in value.items()}
            if name not in FREE:
                yield from ((f"{name}.{said}", value | {name: other}) for said, other in misspelt(inner))


async def test_each_misspelt_field_of_an_answer_is_named(sandbox: Sandbox) -> None:
    judge, count = Judge(), 0
    for path, said in await answers(sandbox):
        assert judge.answer("GET", path, 200, orjson.dumps(said)) == []
        for name, other in misspelt(said):
            judge.forget()
            assert judge.answer("GET", path, 200, orjson.dumps(other)) != [], (path, name)
            count += 1
    assert count > 1000


async def test_each_misspelt_field_of_an_event_is_named(sandbox: Sandbox) -> None:
    await live(sandbox)
    judge, kinds = Judge(), set[str]()
    async with sandbox.runtime.db.read() as session:
        stored = [orjson.loads(event) for event in await session.scalars(EVENTS)]
    for event in stored:
        assert judge.event(event) == []
        if event["type"] not in kinds:
            kinds.add(event["type"])
            for name, other in misspelt(event):
                judge.forget()
                assert judge.event(other) != [], (event["type"], name)
    assert len(kinds) > 15
