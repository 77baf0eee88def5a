"""Accounts that are closed, and last cards that go, while somebody subscribes."""

import asyncio

import pytest

from devtools.testing.delivery import deliver_twice
from services.payments.tests.subscribers import Subscriber
from shared.events.identity import UserDeactivated
from shared.records.ids import new_id


class TestClosedAccount:
    async def test_a_closed_account_is_not_charged(self, subscriber: Subscriber) -> None:
        made = await subscriber.active()
        await deliver_twice(subscriber.wallet.app, UserDeactivated(user_id=subscriber.wallet.client_id))
        await subscriber.work()
        assert (await subscriber.show(made["id"]))["status"] == "ended"
        await subscriber.later(days=62)
        assert await subscriber.paid() == [2900]

    async def test_a_closed_account_subscribes_to_nothing(self, subscriber: Subscriber) -> None:
        await subscriber.wallet.save()
        await deliver_twice(subscriber.wallet.app, UserDeactivated(user_id=subscriber.wallet.client_id))
        for code in ("entry", "organizer"):
            assert (await subscriber.ask(code)).status_code == 404
        assert (await subscriber.wallet.sql("select count(*) from payments.subscriptions"))[0][0] == 0

    @pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.slow)])
    async def test_in_the_moment_in_which_it_is_closed_nothing_goes_on(
        self, subscriber: Subscriber, times: int
    ) -> None:
        answers = list[int]()
        for _ in range(times):
            subscriber.wallet.client_id = new_id()
            await subscriber.wallet.save()
            closing = deliver_twice(subscriber.wallet.app, UserDeactivated(user_id=subscriber.wallet.client_id))
            answer, _ = await asyncio.gather(subscriber.ask("organizer"), closing)
            answers.append(answer.status_code)
        await subscriber.work()
        living = "select count(*) from payments.subscriptions where status <> 'ended'"
        assert (await subscriber.wallet.sql(living))[0][0] == 0
        assert set(answers) <= {201, 404}


class TestLastCard:
    async def test_in_the_moment_in_which_the_last_card_goes_one_of_both(self, subscriber: Subscriber) -> None:
        for _ in range(20):
            subscriber.wallet.client_id = new_id()
            card = await subscriber.wallet.save()
            gone, begun = await asyncio.gather(
                subscriber.wallet.change("DELETE", f"{card['id']}/"), subscriber.ask("organizer")
            )
            assert (gone.status_code, begun.status_code) in {(204, 409), (409, 201)}
