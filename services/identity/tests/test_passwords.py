"""How many hashes are made at once, wait, or are refused, and which spellings are one password."""

import asyncio
import unicodedata
from collections import Counter
from dataclasses import replace

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerificationError

from services.identity.accounts.common_passwords import demand_uncommon
from services.identity.accounts.errors import CallerLeft, PasswordTooCommon
from services.identity.accounts.passwords import WAITING_PER_CORE, Passwords, spellings
from services.identity.accounts.workspace import Workspace
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


COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "p\u00e9n\u00e9lope \u1ebf") for form in ("NFC", "NFD"))
MIXED = COMPOSED[:3] + DECOMPOSED[4:]


class TestSpellings:
    @pytest.mark.parametrize("chosen", [COMPOSED, DECOMPOSED, MIXED])
    @pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED, MIXED])
    async def test_an_accent_of_its_own_or_within_is_the_same(self, passwords, chosen, typed):
        assert await passwords.matches(await passwords.hash(chosen), typed)

    @pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED, MIXED])
    async def test_a_hash_of_the_text_as_it_was_typed_still_counts(self, passwords, typed):
        former = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        assert await passwords.matches(former.hash(typed), typed)
        assert await passwords.matches(former.hash(DECOMPOSED), COMPOSED)

    def test_a_wrong_one_costs_two_hashes_at_most(self):
        costs = [len(spellings(typed)) for typed in ("a word", "пароль", COMPOSED, DECOMPOSED, MIXED)]
        assert costs == [1, 1, 2, 2, 2]

    @pytest.mark.parametrize("other", ["penelope \u1ebf", "p\u00e9n\u00e9lope e", COMPOSED.upper(), f"{COMPOSED} "])
    async def test_another_accent_or_case_is_another_password(self, passwords, other):
        assert not await passwords.matches(await passwords.hash(COMPOSED), other)

    async def test_compatible_signs_stay_apart(self, passwords):
        assert not await passwords.matches(await passwords.hash("square\u00b2 metre"), "square2 metre")

    @pytest.mark.parametrize("password", [COMPOSED, DECOMPOSED])
    @pytest.mark.parametrize("name", [COMPOSED, DECOMPOSED])
    def test_a_name_is_too_common_in_each_spelling(self, password, name):
        with pytest.raises(PasswordTooCommon):
            demand_uncommon(password, "p@example.com", name, "Byron")


@pytest.mark.parametrize("password", ["a word", "", "пароль " * 18, "a\0b"], ids=repr)
async def test_a_hash_of_the_library_is_that_of_its_password_alone(passwords, password):
    stored = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
    assert await passwords.matches(stored, password)
    for other in (password + " ", password[:-1] + "x", "another"):
        assert not await passwords.matches(stored, other)


@pytest.mark.parametrize(
    "cost", [{"memory_cost": 64}, {"time_cost": 2}, {"parallelism": 2, "memory_cost": 16}], ids=str
)
async def test_a_hash_of_another_cost_is_checked_at_that_cost(passwords, cost):
    stored = PasswordHasher(**{"time_cost": 1, "memory_cost": 8, "parallelism": 1, **cost}).hash("a word")
    assert passwords.outdated(stored)
    assert await passwords.matches(stored, "a word")
    assert not await passwords.matches(stored, "another")


@pytest.mark.parametrize("stored", ["", None, "no hash", "$argon2id$v=19$m=8"])
async def test_what_is_no_hash_is_of_no_password(passwords, stored):
    assert not await passwords.matches(stored, "")


async def test_checks_at_once_do_not_disturb_each_other(passwords):
    stored = [await passwords.hash(f"word {number}") for number in range(8)]
    checks = (passwords.matches(stored[number % 8], f"word {number // 8}") for number in range(16))
    assert [number for number, right in enumerate(await asyncio.gather(*checks)) if right] == [0, 9]


def test_memory_that_was_given_back_comes_again():
    stored = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("a word")
    workspace = Workspace(extract_parameters(stored))
    for _ in range(2):
        assert workspace.matches(stored, "a word")
        assert not workspace.matches(stored, "another")
        workspace.release()


def test_less_memory_than_a_hash_takes_is_an_error():
    stored = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("a word")
    workspace = Workspace(replace(extract_parameters(stored), memory_cost=8))
    workspace._cost = extract_parameters(stored)
    with pytest.raises(VerificationError):
        workspace.matches(stored, "a word")
