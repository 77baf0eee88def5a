"""The provider's sign-in page without a password: by passkey, and by other providers."""

import pytest

from tests.browser.chromium import Chromium, needs_chromium
from tests.browser.site import Site
from tests.browser.test_passkeys import CREATE
from tests.browser.test_sign_in import sign_in
from tests.journey.people import PASSWORD, Person
from tests.journey.world import World

pytestmark = [pytest.mark.journey, needs_chromium]

SUBJECT = "Subject: the account at the provider"
PROVIDERS = ["Continue with Google", "Continue with Apple", "Continue with Facebook", "Continue with Acme"]


@pytest.fixture
async def has_passkey(browser: Chromium, public: str, ada: Person) -> Chromium:
    """A browser whose authenticator has a passkey of Ada's."""
    await browser.open(f"{public}/docs")
    await browser.add_authenticator()
    assert (await browser.run(CREATE, ada.token))["status"] == 201
    return browser


async def go_to(browser: Chromium, provider: str, **person: str) -> None:
    """Presses the provider's button, and fills its page in."""
    await browser.press(f"Continue with {provider}")
    await browser.shows(f"{provider} (sandbox)")
    for label, text in person.items():
        await browser.fill(label, text)
    await browser.press("Continue")


async def test_by_passkey_alone(has_passkey: Chromium, site: Site, ada: Person):
    await has_passkey.open(site.authorize(acr_values="aal2", prompt="login"))
    await has_passkey.press("Use a passkey")
    await has_passkey.shows("asks to:")
    await has_passkey.press("Allow")
    await has_passkey.shows(f"Hello {ada.email}")


async def test_a_passkey_as_second_factor(has_passkey: Chromium, site: Site, ada: Person):
    await ada.world.call("PUT", "/auth/mfa/", {"enabled": True}, token=ada.token, expect=200)
    await has_passkey.open(site.authorize())
    await sign_in(has_passkey, ada)
    await has_passkey.shows("Your second factor")
    await has_passkey.press("Use a passkey")
    await has_passkey.shows("asks to:")


async def test_a_device_without_a_passkey_says_so(browser: Chromium, site: Site, ada: Person):
    await browser.open(site.authorize())
    await browser.add_authenticator()
    await browser.press("Use a passkey")
    await browser.shows("This did not work. Try again, or another way.")
    await sign_in(browser, ada)
    await browser.shows("asks to:")


async def test_without_scripts_there_is_no_button_for_passkeys(plain_browser: Chromium, site: Site):
    await plain_browser.open(site.authorize())
    assert list(await plain_browser.controls()) == ["E-mail address", "Password", "Sign in", *PROVIDERS]


@pytest.mark.parametrize("provider", ["Google", "Apple", "Facebook", "Acme"])
async def test_by_another_provider(either: Chromium, site: Site, world: World, provider: str):
    email = f"{world.unique('grace')}@gmail.com"
    await either.open(site.authorize())
    await go_to(either, provider, **{SUBJECT: world.unique("grace"), "E-mail address": email})
    if provider == "Apple" and "Continue" in await either.controls():
        await either.press("Continue")
    await either.shows("asks to:")
    await either.press("Allow")
    await either.shows(f"Hello {email}")


async def test_who_cancels_there_may_sign_in_here(either: Chromium, site: Site, ada: Person):
    await either.open(site.authorize())
    await either.press("Continue with Google")
    await either.shows("Google (sandbox)")
    await either.press("Cancel")
    await either.shows("You were not signed in there.")
    await sign_in(either, ada)
    await either.shows("asks to:")


async def test_an_account_with_the_address_is_linked_by_its_password(either: Chromium, site: Site, ada: Person):
    person = {SUBJECT: ada.world.unique("ada"), "E-mail address": ada.email}
    await either.open(site.authorize())
    await go_to(either, "Acme", **person)
    await either.shows("There is an account with the address that Acme names.")
    await either.fill("Password", "of somebody else")
    await either.press("Link")
    await either.shows("The password is wrong.")
    await either.fill("Password", PASSWORD)
    await either.press("Link")
    await either.shows(f"You are signed in as {ada.email}.")
    await either.open(site.authorize(prompt="login"))
    await go_to(either, "Acme", **person)
    await either.shows(f"You are signed in as {ada.email}.")


async def test_who_has_no_address_there_names_one(either: Chromium, site: Site, world: World):
    email = f"{world.unique('grace')}@example.org"
    await either.open(site.authorize())
    await go_to(either, "Facebook", **{SUBJECT: world.unique("grace"), "E-mail address": ""})
    await either.shows("Facebook does not name your e-mail address.")
    await either.fill("E-mail address", email)
    await either.press("Go on")
    await either.shows(f"You are signed in as {email}.")


async def test_another_browser_cannot_finish_it(browser: Chromium, plain_browser: Chromium, site: Site, world: World):
    """What came back to one browser signs nobody in elsewhere: or somebody would act in the account of another."""
    await browser.open(site.authorize())
    await go_to(browser, "Google", **{SUBJECT: world.unique("grace")})
    await browser.shows("asks to:")
    await plain_browser.open(await browser.url())
    await plain_browser.shows("This form is not good any more.")
