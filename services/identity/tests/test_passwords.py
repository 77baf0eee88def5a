"""How many hashes are made at once, wait, or are refused."""

import asyncio
from collections import Counter

import pytest

from services.identity.accounts.errors import CallerLeft
from services.identity.accounts.passwords import WAITING_PER_CORE, Passwords
from services.identity.settings import IdentitySettings
from services.identity.tests.conftest import CHEAP
from shared.errors import Overloaded


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(IdentitySettings.of(CHEAP), cores=2)


async def test_beyond_eight_a_core_it_is_overloaded(passwords):
    answers = await asyncio.gather(*(passwords.hash("a word") for _ in range(100)), return_exceptions=True)
    assert Counter(type(answer) for answer in answers) == {str: 2 * (1 + WAITING_PER_CORE), Overloaded: 82}
    assert await passwords.matches(await passwords.hash("a word"), "a word")  # the places are free again


async def test_nothing_is_computed_for_a_caller_that_has_left(passwords):
    async def has_left() -> bool:
        return True

    with pytest.raises(CallerLeft):
        await passwords.hash("a word", has_left)
    assert await passwords.hash("a word")
