"""Credits that one client gives to another."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from devtools.testing.answers import a_user
from devtools.testing.callers import headers_for
from services.payments.app import create_app
from services.payments.credits import service
from services.payments.credits.errors import InsufficientCredits
from services.payments.tests.gifts import give_credits
from shared.internal.identity import USER
from shared.records.ids import new_id
from shared.records.money import Money

TRANSFER = "/api/v1/credits/transfer/"


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def _keyed(user_id: UUID) -> dict[str, str]:
    return headers_for(user_id, idempotency_key=new_id().hex)


class TestTransfer:
    @pytest.fixture
    def move(self, runtime, client_id):
        async def credits(to_id: UUID, amount: int, transfer_id: UUID | None = None) -> None:
            async with runtime.db.transaction() as session:
                await service.transfer(session, transfer_id or new_id(), client_id, to_id, Money(amount, "USD"))

        return credits

    async def test_rule_14_a_transfer_moves_grants_and_keeps_their_expiry(self, give, move, balance, clock):
        await give(500, clock.now() + timedelta(days=1))
        friend, transfer_id = new_id(), new_id()
        await move(friend, 300, transfer_id)
        await move(friend, 300, transfer_id)
        assert (await balance(), await balance(friend)) == ((200, 0), (300, 0))
        clock.advance(timedelta(days=1))
        assert await balance(friend) == (0, 0)

    async def test_more_than_the_balance_is_refused(self, give, move, balance):
        await give(500)
        with pytest.raises(InsufficientCredits):
            await move(new_id(), 501)
        assert await balance() == (500, 0)

    async def test_over_http_identity_is_asked_for_the_recipient(self, runtime_for, client_for, stripe_base, client_id):
        friend, identity = new_id(), FastAPI()

        @identity.get(USER.path)
        async def user(user_id: UUID) -> Any:
            return a_user(user_id) if user_id == friend else JSONResponse({}, 404)

        app = create_app(await runtime_for("payments", peers={"identity": identity}))
        api = client_for(app)
        await give_credits(app.state.runtime, client_id, 500)
        body = {"recipient_id": str(friend), "amount": usd(300)}
        headers = headers_for(client_id, idempotency_key="gift-1")
        first = await api.post(TRANSFER, json=body, headers=headers)
        again = await api.post(TRANSFER, json=body, headers=headers)
        assert (first.status_code, first.json()["balance"]) == (201, usd(200))
        assert again.content == first.content
        unknown = {"recipient_id": str(new_id()), "amount": usd(100)}
        assert (await api.post(TRANSFER, json=unknown, headers=_keyed(client_id))).status_code == 404

    async def test_without_a_key_it_is_428_and_moves_nothing(self, app, api, client_id, balance):
        await give_credits(app.state.runtime, client_id, 500)
        body = {"recipient_id": str(new_id()), "amount": usd(300)}
        answer = await api.post(TRANSFER, json=body, headers=headers_for(client_id))
        assert (answer.status_code, answer.json()["code"]) == (428, "idempotency_key_required")
        assert await balance(client_id) == (500, 0)

    async def test_not_to_oneself(self, api, client_id):
        body = {"recipient_id": str(client_id), "amount": usd(100)}
        answer = await api.post(TRANSFER, json=body, headers=_keyed(client_id))
        assert answer.json()["code"] == "own_account"
