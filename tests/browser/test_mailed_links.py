"""The pages of mailed links, in browsers with and without scripts."""

import re

import pytest

from tests.browser.chromium import ENTER, TAB, Chromium, needs_chromium
from tests.journey.people import PASSWORD, Person, staff
from tests.journey.world import SUPERUSER, World, eventually

pytestmark = [pytest.mark.journey, needs_chromium]

NEW_PASSWORD = "eleven slow trains 52"


async def link(world: World, email: str, page: str) -> str:
    """The newest mailed link to that page."""

    async def look() -> str:
        found = [mail for mail in await world.mails(email) if f"/account/{page}" in mail["text"]]
        assert found, f"no mail to {email} names {page}"
        match = re.search(rf"http://localhost:\d+/account/{page}\S+", found[0]["text"])
        assert match is not None, found[0]["text"]
        return match[0]

    return await eventually(look, 10)


async def test_an_address_is_proven_by_keyboard(either: Chromium, ada: Person):
    await either.open(await link(ada.world, ada.email, "verify-email"))
    assert await either.title() == "Confirm your e-mail address"
    assert list(await either.controls()) == ["Confirm"]
    assert not (await ada.get("/auth/user/"))["is_verified"]
    await either.keys(TAB)
    assert await either.focused() == "Confirm"
    await either.keys(ENTER)
    await either.shows("Your address is confirmed.")
    assert (await ada.get("/auth/user/"))["is_verified"]


async def test_a_password_is_reset_once(either: Chromium, ada: Person):
    await ada.world.call("POST", "/auth/password/reset/", {"email": ada.email}, expect=202)
    address = await link(ada.world, ada.email, "reset-password")
    await either.open(address)
    await either.fill("New password", "password1")
    await either.press("Set the password")
    await either.shows("common")
    await either.fill("New password", NEW_PASSWORD)
    await either.press("Set the password")
    await either.shows("Your password is set.")
    await ada.world.call("POST", "/auth/login/", {"email": ada.email, "password": PASSWORD}, expect=401)
    await ada.world.call("POST", "/auth/login/", {"email": ada.email, "password": NEW_PASSWORD}, expect=200)
    await either.open(address)
    await either.fill("New password", PASSWORD)
    await either.press("Set the password")
    await either.shows("link")
    assert await either.controls() == {}


async def test_an_address_is_changed_and_taken_back(either: Chromium, ada: Person):
    other = f"{ada.world.unique('other')}@example.org"
    await ada.post("/auth/email/change/", {"email": other}, expect=202)
    await either.open(await link(ada.world, other, "change-email"))
    await either.press("Confirm")
    await either.shows("This is the address of your account now.")
    await ada.world.call("POST", "/auth/login/", {"email": other, "password": PASSWORD}, expect=200)
    await either.open(await link(ada.world, ada.email, "undo-email"))
    await either.press("Take it back")
    await either.shows("Your account has its former address again.")
    await ada.world.call("POST", "/auth/login/", {"email": other, "password": PASSWORD}, expect=401)


async def test_an_invitation_is_accepted(either: Chromium, world: World):
    office, email = await staff(world, SUPERUSER), f"{world.unique('invited')}@example.org"
    confirmed = {"X-Confirm-Action": "true"}
    await office.post("/admin/staff/invitations/", {"email": email, "roles": ["support"]}, headers=confirmed)
    await either.open(await link(world, email, "accept-invitation"))
    assert list(await either.controls()) == ["First name", "Last name", "New password", "Make the account"]
    await either.fill("First name", "Noor")
    await either.fill("Last name", "Rivers")
    await either.fill("New password", NEW_PASSWORD)
    await either.press("Make the account")
    await either.shows("Your account is there.")
    pair = await world.call("POST", "/auth/login/", {"email": email, "password": NEW_PASSWORD}, expect=200)
    assert "support" in pair["user"]["roles"]
