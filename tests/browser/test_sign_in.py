"""The provider's pages for an app of another site, in browsers with and without scripts."""

import time
from urllib.parse import urlencode

import pyotp
import pytest

from tests.browser.chromium import ENTER, TAB, Chromium, needs_chromium
from tests.browser.site import Site
from tests.journey.people import PASSWORD, Person
from tests.journey.world import eventually

pytestmark = [pytest.mark.journey, needs_chromium]


async def sign_in(browser: Chromium, ada: Person) -> None:
    """Fills in the page that asks for it."""
    await browser.fill("E-mail address", ada.email)
    await browser.fill("Password", PASSWORD)
    await browser.press("Sign in")


async def test_signs_in_and_consents_once(either: Chromium, site: Site, ada: Person):
    await either.open(f"{site.origin}/")
    await either.press("Sign in")
    await either.shows("Sign in to go on to Quiet Times.")
    await either.fill("E-mail address", ada.email)
    await either.fill("Password", "of somebody else")
    await either.press("Sign in")
    await either.shows("The e-mail address or the password is wrong.")
    await sign_in(either, ada)
    await either.shows("Quiet Times asks to:")
    assert list(await either.controls()) == ["Allow", "Do not allow"]
    await either.press("Allow")
    await either.shows(f"Hello {ada.email}")
    await either.open(site.authorize())
    await either.shows(f"Hello {ada.email}")


async def test_who_does_not_consent_goes_back_without_a_code(either: Chromium, site: Site, ada: Person):
    await either.open(site.authorize())
    await sign_in(either, ada)
    await either.shows("asks to:")
    await either.press("Do not allow")
    await either.shows("Refused: access_denied")


async def test_works_by_keyboard(either: Chromium, site: Site, ada: Person):
    await either.open(site.authorize())
    await either.keys(TAB)
    assert await either.focused() == "E-mail address"
    await either.keys(ada.email + TAB)
    assert await either.focused() == "Password"
    await either.keys(PASSWORD + ENTER)
    await either.shows("asks to:")
    await either.keys(TAB)
    assert await either.focused() == "Allow"
    await either.keys(ENTER)
    await either.shows(f"Hello {ada.email}")


async def test_asks_for_the_code_of_an_authenticator_app(either: Chromium, site: Site, ada: Person):
    secret = (await ada.post("/auth/mfa/totp/", expect=201))["secret"]
    app = pyotp.TOTP(secret)
    confirmed = await ada.post("/auth/mfa/totp/confirm/", {"code": app.now()}, expect=200)
    await either.open(site.authorize())
    await sign_in(either, ada)
    await either.shows("Your second factor")
    labels = list(await either.controls())
    assert labels == ["Code of your authenticator app", "Recovery code", "Code", "Go on"]
    await either.fill("Code", "000000")
    await either.press("Go on")
    await either.shows("code")
    await either.fill("Code", app.at(time.time() + 30))
    await either.press("Go on")
    await either.shows("asks to:")
    await either.open(site.authorize(prompt="login"))
    await sign_in(either, ada)
    await either.press("Recovery code")
    await either.fill("Code", confirmed["recovery_codes"][0])
    await either.press("Go on")
    await either.shows("asks to:")


async def test_a_hand_off_signs_in_silently_and_a_logout_reaches_the_app(browser: Chromium, site: Site, ada: Person):
    """The app's browser is a new one: only the address of the hand-off makes it known."""
    await browser.open(site.authorize())
    await sign_in(browser, ada)
    await browser.press("Allow")
    await browser.shows(f"Hello {ada.email}")
    await browser.call("DELETE", "/cookie")
    await browser.open(f"{site.origin}/")
    await browser.call("DELETE", "/cookie")
    await browser.open(f"{site.issuer}/docs")
    await browser.call("DELETE", "/cookie")
    await browser.open(site.authorize(prompt="none"))
    await browser.shows("Refused: login_required")

    handed = await ada.post("/auth/handoff/", {"client_id": site.client["client_id"]}, expect=200)
    async with ada.world.http.head(handed["url"]) as looked:
        assert looked.status == 405, "who only looks at the address does not use it up"
    await browser.open(handed["url"])
    await browser.shows(f"Hello {ada.email}")
    assert await browser.url() == f"{site.origin}/"

    site.notices.clear()
    await browser.press("Sign out")
    await browser.is_at(f"{site.origin}/")

    async def notified() -> None:
        assert {notice["sub"] for notice in site.notices} == {ada.id}

    await eventually(notified, 5)
    await browser.open(f"{site.origin}/")
    await browser.shows("Nobody is signed in.")
    await browser.open(site.authorize(prompt="none"))
    await browser.shows("Refused: login_required")


@pytest.mark.parametrize("path", ["/account/verify-email?token=x", "/oauth/logout", "/docs", "sign-in"])
async def test_no_other_site_can_frame_a_page(browser: Chromium, site: Site, path: str):
    url = site.authorize() if path == "sign-in" else f"{site.issuer}{path}"
    await browser.open(f"{site.origin}/frame?{urlencode({'url': url})}")

    async def refused() -> None:
        found = await browser.complaints()
        assert any("frame-ancestors" in line or "X-Frame-Options" in line for line in found), found

    await eventually(refused, 10)
    [frame] = await browser.call("POST", "/elements", using="css selector", value="iframe")
    await browser.call("POST", "/frame", id=frame)
    assert await browser.call("POST", "/elements", using="css selector", value="form, main") == []
