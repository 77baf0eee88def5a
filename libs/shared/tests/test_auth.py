"""What a stream of bad tokens and of revocations costs the verifier."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from joserfc.jwk import ECKey

from shared.auth.token_signing import new_key, sign_access_token
from shared.auth.verification import Verifier
from shared.errors import Unauthenticated
from shared.records.clock import machine_now
from shared.records.ids import new_id

KNOWN, UNKNOWN = new_key(), new_key()


def token(key: ECKey = KNOWN, session_id: UUID | None = None) -> str:
    return sign_access_token(
        key,
        user_id=new_id(),
        roles=["user"],
        practitioner_id=None,
        session_id=session_id or new_id(),
        now=machine_now(),
        lifetime=timedelta(minutes=60),
    )


class Keys:
    """Identity's answer, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        return {"keys": [KNOWN.as_dict(private=False)], "ended_sessions": []}


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def verifier(keys: Keys) -> Verifier:
    return Verifier(keys.fetch)


async def test_an_unknown_key_is_asked_for_once(keys: Keys, verifier: Verifier):
    await verifier.user(token())
    verifier._fetched_at -= 2  # a second after the last fetch another may follow
    for _ in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.user(token(UNKNOWN))
        verifier._fetched_at -= 2
    assert keys.asked == 2


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("odd", [{"crit": None}, {"crit": 1}, {"alg": ["ES256"]}, {"b64": {}}, {"jwk": 1}], ids=str)
async def test_a_head_of_odd_types_is_no_valid_token(verifier: Verifier, odd: dict[str, Any], known: bool):
    kid = KNOWN.kid if known else "unknown"
    head = json.dumps({"alg": "ES256", "kid": kid, "typ": "at+jwt"} | odd).encode()
    with pytest.raises(Unauthenticated):
        await verifier.user(f"{urlsafe_b64encode(head).decode().rstrip('=')}.e30.{'A' * 86}")


async def test_while_identity_is_away_it_is_asked_once_a_second(keys: Keys):
    async def fetch() -> Mapping[str, Any]:
        if keys.asked:
            keys.asked += 1
            raise OSError("away")
        return await keys.fetch()

    verifier = Verifier(fetch)
    await verifier.user(token())
    verifier._fetched_at -= 2
    for _ in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.user(token(new_key()))
    assert keys.asked == 2


async def test_a_revoked_session_is_refused_however_many_others_were(verifier: Verifier):
    session_id = new_id()
    good, ended = token(), token(session_id=session_id)
    assert (await verifier.user(ended)).session_id == session_id
    verifier.revoke(session_id)
    for _ in range(10_000):
        verifier.revoke(new_id())
    await verifier.user(good)
    with pytest.raises(Unauthenticated):
        await verifier.user(ended)
