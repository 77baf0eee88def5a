"""An ID token of a native app is used once, however its signature is written and however long it is good."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jwt

from services.identity.app import create_app
from services.identity.tests.conftest import CHEAP, Refusal, refused
from services.identity.tests.social.browser import SOCIAL
from services.identity.tests.social.test_rules import Issuer
from services.identity.tests.social.test_rules import issuer as issuer
from shared.records.clock import machine_now

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256: with r and s of a signature, r and ORDER - s are one too."""
BURNT: Refusal = (401, "invalid_grant", [])


@pytest.fixture
async def post(runtime_for, client_for, issuer):
    """The answer to an ID token at an identity that knows the issuer."""
    known = {"name": "ours", "title": "Ours", "issuer": issuer.issuer, "client_id": "app", "client_secret": "s"}
    env = {**CHEAP, "IDENTITY_OIDC_PROVIDERS": json.dumps([known])}
    app = create_app(await runtime_for("identity", env=env))
    client = client_for(app)

    async def call(token: str) -> Any:
        return await client.post(f"{SOCIAL}ours/id-token/", json={"id_token": token, "nonce": "n"})

    yield call
    await app.state.runtime.providers.close()


def signed(issuer: Issuer, age: int = 0) -> str:
    """A token for a day, as Apple's are, that was issued so many seconds ago."""
    now = int(machine_now().timestamp()) - age
    claims = {"iss": issuer.issuer, "aud": "app", "sub": "s", "nonce": "n", "iat": now, "exp": now + 86_400}
    [key] = issuer.keys
    return jwt.encode({"alg": "ES256", "kid": key.kid}, {**claims, "email": "ada@example.org"}, key)


def otherwise(token: str) -> str:
    """The same token with the other signature that fits."""
    text, _, written = token.rpartition(".")
    r_and_s = urlsafe_b64decode(written + "==")
    other = (ORDER - int.from_bytes(r_and_s[32:])).to_bytes(32)
    return f"{text}.{urlsafe_b64encode(r_and_s[:32] + other).rstrip(b'=').decode()}"


async def test_with_its_other_signature_it_is_the_same_token(issuer, post):
    token = signed(issuer)
    answer = await post(otherwise(token))
    assert answer.status_code == 201, answer.text
    assert refused(await post(token)) == BURNT


async def test_one_that_is_older_than_uses_are_remembered_opens_nothing(issuer, post):
    assert refused(await post(signed(issuer, age=3700))) == BURNT
    assert (await post(signed(issuer, age=3000))).status_code == 201
