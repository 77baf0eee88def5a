"""Tokens by hand: each part of one as it should be, or otherwise."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey, RSAKey

from devtools.testing.callers import KEY, service_tokens, token_for
from shared.auth.edge_tokens import Edge, sign_edge
from shared.auth.token_signing import new_key, sign_access_token
from shared.auth.verification import AUDIENCE, ISSUER
from shared.records.clock import machine_now
from shared.records.ids import new_id

Json = Any
Token = str | bytes
ENDED = new_id()
"""A session that has ended."""
ID_KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
"""What identity signs ID tokens with: published like the others."""
STRANGER = new_key()
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PUBLIC_PEM = KEY.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PUBLIC_JWK = json.dumps(KEY.as_dict(private=False)).encode()


def text64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def now() -> int:
    return int(machine_now().timestamp())


def header(**other: Json) -> dict[str, Json]:
    """A good header, but for that; what is `...` is left out."""
    return _without({"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt", **other})


def claims(**other: Json) -> dict[str, Json]:
    """Good claims, but for those; what is `...` is left out."""
    good: dict[str, Json] = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": str(new_id()), "typ": "access", "roles": ["user"], "pid": None,
        "sid": str(new_id()), "jti": str(new_id()), "iat": now(), "exp": now() + 600, "acr": "aal1", "amr": ["pwd"],
        "auth_time": now(), "fresh_until": now() + 300,
    }  # fmt: skip
    return _without({**good, **other})


def _without(given: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in given.items() if value is not ...}


Sign = Callable[[bytes], bytes]


def by(key: ECKey, digest: HashAlgorithm | None = None) -> Sign:
    """Signs as JWS does with that key."""
    private = key.private_key
    assert private is not None
    size = (private.curve.key_size + 7) // 8

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(data, ec.ECDSA(digest or SHA256())))
        return bytes(r.to_bytes(size, "big") + s.to_bytes(size, "big"))

    return sign


def by_hmac(secret: bytes) -> Sign:
    return lambda data: hmac.digest(secret, data, hashlib.sha256)


def by_rsa(key: RSAKey, pad: Json = None) -> Sign:
    private = key.private_key
    assert private is not None
    return lambda data: private.sign(data, pad or padding.PKCS1v15(), SHA256())


OURS = by(KEY)


def raw(head: bytes, payload: bytes, sign: Sign = OURS) -> str:
    data = f"{text64(head)}.{text64(payload)}"
    return f"{data}.{text64(sign(data.encode()))}"


def signed(head: Json = None, payload: Json = None, sign: Sign = OURS) -> str:
    head = header() if head is None else head
    return raw(json.dumps(head).encode(), json.dumps(claims() if payload is None else payload).encode(), sign)


def curve_key(curve: str) -> ECKey:
    return ECKey.generate_key(curve, {"use": "sig"}, auto_kid=True)


def swapped(part: int, text: str) -> str:
    """A good token with another part there."""
    parts = signed().split(".")
    parts[part] = text
    return ".".join(parts)


def of_ended_session() -> str:
    return sign_access_token(
        KEY,
        user_id=new_id(),
        roles=("user",),
        practitioner_id=None,
        session_id=ENDED,
        now=machine_now(),
        lifetime=timedelta(minutes=5),
    )


def of_service() -> str:
    return service_tokens("gateway").sign("notifications", now())


def of_edge() -> str:
    return sign_edge(service_tokens("gateway"), "notifications", Edge("1.2.3.4", "1.2.3.4", True), now())


def id_token(**other: Json) -> dict[str, Json]:
    person = {"sub": str(new_id()), "iat": now(), "exp": now() + 300, "nonce": "n", "auth_time": now()}
    return {"iss": "http://localhost:8000", "aud": str(new_id()), **person, **other}


def rs256(kid: str | None) -> dict[str, Json]:
    return {"alg": "RS256", "kid": kid, "typ": "JWT"}


def json_form() -> str:
    head, payload, signature = signed().split(".")
    return json.dumps({"protected": head, "payload": payload, "signature": signature})


def jwe() -> str:
    head = {"alg": "dir", "enc": "A256GCM", "kid": KEY.kid}
    return ".".join([text64(json.dumps(head).encode()), "", text64(b"i" * 12), text64(b"c" * 64), text64(b"t" * 16)])


def der_signature() -> str:
    data = ".".join(signed().split(".")[:2])
    private = KEY.private_key
    assert private is not None
    return f"{data}.{text64(private.sign(data.encode(), ec.ECDSA(SHA256())))}"


def numbers(r: int, s: int) -> str:
    return swapped(2, text64(r.to_bytes(32, "big") + s.to_bytes(32, "big")))


def tampered() -> str:
    return swapped(1, text64(json.dumps(claims(roles=["user", "staff", "superuser"])).encode()))


def deep() -> str:
    return raw(json.dumps(header()).encode(), b"[" * 3000 + b"]" * 3000)


def good() -> str:
    """One that is let in, made as the others are."""
    return signed()


def unknown_keys(number: int) -> list[str]:
    """Tokens that name so many different keys."""
    return [signed(header(kid=f"key-{at}")) for at in range(number)]


def issued() -> str:
    """One as identity makes it."""
    return token_for(UUID(int=1))
