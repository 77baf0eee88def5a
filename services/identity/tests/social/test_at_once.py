"""Sign-ins of one person at one provider that end at the same moment: none waits for the other for ever."""

import asyncio
from typing import Any

import pytest

from services.identity.tests.conftest import PASSWORD, SECOND, registration, set_up_totp
from services.identity.tests.social.browser import new_person

PERSON = new_person("ada@gmail.com")


@pytest.fixture
def tickets(browser):
    """`await tickets(4)`: so many tickets of sign-ins that wait for the account's password."""

    async def ask(number: int) -> list[str]:
        answers = [await browser.sign_in("google", PERSON) for _ in range(number)]
        assert {answer.json()["code"] for answer in answers} == {"link_required"}
        return [str(answer.json()["ticket"]) for answer in answers]

    return ask


async def register(browser: Any) -> Any:
    return (await browser.own.post("/api/v1/auth/register/", json=registration("ada@gmail.com"))).json()


async def test_second_steps_beside_passwords(browser, tickets):
    _, codes = await set_up_totp(browser.own, await register(browser))
    first, later = await tickets(5), await tickets(5)
    steps = [(await browser.resolve(ticket, password=PASSWORD)).json()["mfa"]["ticket"] for ticket in first]
    given = [
        {"ticket": step, "method": "recovery_code", "code": code} for step, code in zip(steps, codes, strict=False)
    ]
    answers = await asyncio.gather(
        *(browser.own.post(SECOND, json=body) for body in given),
        *(browser.resolve(ticket, password=PASSWORD) for ticket in later),
    )
    assert [answer.status_code for answer in answers] == [200] * 5 + [403] * 5


async def test_claims_beside_other_sign_ins(browser, tickets):
    await register(browser)
    claims, codes = await tickets(5), [await browser.code("google", PERSON) for _ in range(5)]
    answers = await asyncio.gather(
        *(browser.resolve(ticket, claim=True) for ticket in claims), *(browser.finish(code) for code in codes)
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
