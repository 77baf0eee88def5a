"""Passkeys of a real browser's authenticator, as an app's page uses them."""

import pytest

from tests.browser.chromium import Chromium, needs_chromium
from tests.journey.people import PASSWORD, Person

pytestmark = [pytest.mark.journey, needs_chromium]

POST = """
const post = async (path, body, token) => {
  const headers = {"Content-Type": "application/json", ...(token ? {Authorization: `Bearer ${token}`} : {})};
  const answer = await fetch("/api/v1/auth" + path, {method: "POST", headers, body: JSON.stringify(body)});
  return {status: answer.status, ...(await answer.json())};
};
const get = async options =>
  (await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)})).toJSON();
"""
CREATE = f"""{POST}
const asked = await post("/passkeys/options/", {{}}, a[0]);
const options = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
const credential = (await navigator.credentials.create({{publicKey: options}})).toJSON();
return await post("/passkeys/", {{ticket: asked.ticket, name: "This device", credential}}, a[0]);
"""
SIGN_IN = f"""{POST}
const {{ticket, options}} = await post("/passkeys/login/options/", {{}});
return await post("/passkeys/login/", {{ticket, credential: await get(options)}});
"""
STEP_UP = f"""{POST}
const {{ticket, options}} = await post("/step-up/options/", {{}}, a[0]);
return await post("/step-up/", {{method: "passkey", ticket, credential: await get(options)}}, a[0]);
"""
SECOND_STEP = f"""{POST}
const first = await post("/login/", {{email: a[0], password: a[1]}});
const {{ticket, options}} = await post("/login/mfa/options/", {{ticket: first.mfa.ticket}});
return await post("/login/mfa/", {{method: "passkey", ticket, credential: await get(options)}});
"""


@pytest.fixture
async def opened(browser: Chromium, public: str) -> Chromium:
    """A browser with an authenticator, on a page of the instance."""
    await browser.open(f"{public}/docs")
    await browser.add_authenticator()
    return browser


async def test_signs_in_by_a_passkey_it_made(opened: Chromium, ada: Person):
    made = await opened.run(CREATE, ada.token)
    assert (made["status"], made["name"]) == (201, "This device"), made
    signed_in = await opened.run(SIGN_IN)
    assert (signed_in["status"], signed_in["user"]["id"]) == (200, ada.id), signed_in
    [known] = (await ada.get("/auth/passkeys/")).body["results"]
    assert known["last_used_at"] is not None


async def test_is_a_second_factor_and_steps_up(opened: Chromium, ada: Person):
    assert (await opened.run(CREATE, ada.token))["status"] == 201
    await ada.world.call("PUT", "/auth/mfa/", {"enabled": True}, token=ada.token, expect=200)
    pair = await opened.run(SECOND_STEP, ada.email, PASSWORD)
    assert (pair["status"], pair["user"]["id"]) == (200, ada.id), pair
    proven = await opened.run(STEP_UP, pair["access_token"])
    assert proven["status"] == 200, proven
    fresh = await ada.world.call("POST", "/auth/mfa/recovery-codes/", {}, token=proven["access_token"], expect=200)
    assert len(fresh["recovery_codes"]) == 10


async def test_one_device_holds_one_passkey_of_an_account(opened: Chromium, ada: Person):
    assert (await opened.run(CREATE, ada.token))["status"] == 201
    with pytest.raises(AssertionError, match="InvalidStateError"):
        await opened.run(CREATE, ada.token)


async def test_a_device_that_does_not_verify_its_user_makes_none(browser: Chromium, public: str, ada: Person):
    await browser.open(f"{public}/docs")
    await browser.add_authenticator(hasUserVerification=False, isUserVerified=False)
    with pytest.raises(AssertionError, match=r"NotAllowedError|ConstraintError"):
        await browser.run(CREATE.replace("publicKey: options", "publicKey: {...options, timeout: 1500}"), ada.token)


async def test_a_page_elsewhere_cannot_use_it(opened: Chromium, public: str, ada: Person):
    """At an address that is no name browsers bind no passkey."""
    await opened.run(CREATE, ada.token)
    await opened.open(f"{public.replace('localhost', '127.0.0.1')}/docs")
    with pytest.raises(AssertionError, match="SecurityError"):
        await opened.run(SIGN_IN)
