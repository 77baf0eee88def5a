"""Tokens that nobody may be let in with, by name: each is good but for what its name says."""

import json
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ed25519, padding
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from joserfc.jwk import RSAKey

from devtools.testing.callers import KEY
from shared.auth.verification import AUDIENCE, ISSUER
from shared.records.ids import new_id
from tests.authorisation.token_parts import (
    ID_KEY,
    P256_ORDER,
    PUBLIC_JWK,
    PUBLIC_PEM,
    STRANGER,
    Token,
    by,
    by_hmac,
    by_rsa,
    claims,
    curve_key,
    deep,
    der_signature,
    header,
    id_token,
    json_form,
    jwe,
    now,
    numbers,
    of_edge,
    of_ended_session,
    of_service,
    raw,
    rs256,
    signed,
    swapped,
    tampered,
    text64,
)

Make = Callable[[], Token]
ALGORITHMS: dict[str, Make] = {
    "none": lambda: signed(header(alg="none"), sign=lambda _: b""),
    "None": lambda: signed(header(alg="None"), sign=lambda _: b""),
    "NONE with a signature": lambda: signed(header(alg="NONE")),
    "none with no third part": lambda: signed(header(alg="none"), sign=lambda _: b"").rstrip("."),
    "HS256 by the public key as PEM": lambda: signed(header(alg="HS256"), sign=by_hmac(PUBLIC_PEM)),
    "HS256 by the public key as JWK": lambda: signed(header(alg="HS256"), sign=by_hmac(PUBLIC_JWK)),
    "HS256 by an empty secret": lambda: signed(header(alg="HS256"), sign=by_hmac(b"")),
    "ES256 with a mac": lambda: signed(sign=by_hmac(PUBLIC_PEM)),
    "RS256 by a stranger": lambda: signed(
        header(alg="RS256"), sign=by_rsa(RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True))
    ),
    "RS256 by the key of ID tokens": lambda: signed(header(alg="RS256", kid=ID_KEY.kid), sign=by_rsa(ID_KEY)),
    "ES256 that names the key of ID tokens": lambda: signed(header(kid=ID_KEY.kid)),
    "PS256": lambda: signed(
        header(alg="PS256", kid=ID_KEY.kid), sign=by_rsa(ID_KEY, padding.PSS(padding.MGF1(SHA256()), 32))
    ),
    "ES384": lambda: signed(header(alg="ES384"), sign=by(curve_key("P-384"), SHA384())),
    "ES512": lambda: signed(header(alg="ES512"), sign=by(curve_key("P-521"), SHA512())),
    "ES256K": lambda: signed(header(alg="ES256K"), sign=by(curve_key("secp256k1"))),
    "ES256 with a longer digest": lambda: signed(sign=by(KEY, SHA512())),
    "EdDSA": lambda: signed(header(alg="EdDSA"), sign=ed25519.Ed25519PrivateKey.generate().sign),
    "no algorithm": lambda: signed(header(alg=...)),
    "lower case": lambda: signed(header(alg="es256")),
    "with a space": lambda: signed(header(alg="ES256 ")),
    "a number": lambda: signed(header(alg=256)),
    "a list": lambda: signed(header(alg=["ES256"])),
    "null": lambda: signed(header(alg=None)),
}
KEYS: dict[str, Make] = {
    "another key under the known id": lambda: signed(sign=by(STRANGER)),
    "another key under its own id": lambda: signed(header(kid=STRANGER.kid), sign=by(STRANGER)),
    "no key id": lambda: signed(header(kid=...)),
    "an empty key id": lambda: signed(header(kid="")),
    "a key id of another type": lambda: signed(header(kid=1)),
    "a key id that is null": lambda: signed(header(kid=None)),
    "a key id that is a path": lambda: signed(header(kid="../../../../dev/null"), sign=by_hmac(b"")),
    "a key id that is SQL": lambda: signed(header(kid="x' union select 'secret"), sign=by_hmac(b"secret")),
    "a key id of 4 KiB": lambda: signed(header(kid="k" * 4096)),
    "a key in the header": lambda: signed(
        header(kid=STRANGER.kid, jwk=STRANGER.as_dict(private=False)), sign=by(STRANGER)
    ),
    "the known id and a key in the header": lambda: signed(
        header(jwk=STRANGER.as_dict(private=False)), sign=by(STRANGER)
    ),
    "an address of keys": lambda: signed(
        header(kid=STRANGER.kid, jku="https://evil.example/jwks.json"), sign=by(STRANGER)
    ),
    "an address of a certificate": lambda: signed(header(x5u="https://evil.example/x.pem"), sign=by(STRANGER)),
    "a certificate": lambda: signed(header(x5c=["MIIB"]), sign=by(STRANGER)),
}
FORMS: dict[str, Make] = {
    "changed claims": tampered,
    "no signature": lambda: swapped(2, ""),
    "half a signature": lambda: swapped(2, signed().split(".")[2][:43]),
    "the signature of another token": lambda: swapped(2, signed().split(".")[2]),
    "a signature as DER": der_signature,
    "a signature of zeros": lambda: numbers(0, 0),
    "a signature of the order": lambda: numbers(P256_ORDER, P256_ORDER),
    "two parts": lambda: ".".join(signed().split(".")[:2]),
    "four parts": lambda: signed() + ".x",
    "an encrypted form": jwe,
    "a JSON form": json_form,
    "a head that is no base64": lambda: swapped(0, "%%%"),
    "a head that is no JSON": lambda: raw(b"{", json.dumps(claims()).encode()),
    "a head that is a list": lambda: signed([header()]),
    "claims that are no JSON": lambda: raw(json.dumps(header()).encode(), b"{"),
    "claims that are a list": lambda: signed(payload=[claims()]),
    "claims that are text": lambda: signed(payload="claims"),
    "deep claims": deep,
    "over 8 KiB": lambda: signed(payload=claims(more="x" * 9000)),
    "a space inside": lambda: signed().replace(".", ". ", 1),
    "not ASCII": "tökén".encode,
    "a word": lambda: "null",
    "dots": lambda: "..",
    "critical and unknown": lambda: signed(header(crit=["shine"], shine=True)),
    "not encoded, critical": lambda: signed(header(crit=["b64"], b64=False)),
}
CLAIMS: dict[str, Make] = {
    "no issuer": lambda: signed(payload=claims(iss=...)),
    "another issuer": lambda: signed(payload=claims(iss="https://evil.example")),
    "two issuers": lambda: signed(payload=claims(iss=[ISSUER])),
    "no audience": lambda: signed(payload=claims(aud=...)),
    "another audience": lambda: signed(payload=claims(aud="another")),
    "two audiences": lambda: signed(payload=claims(aud=[AUDIENCE, "another"])),
    "no type in the head": lambda: signed(header(typ=...)),
    "JWT in the head": lambda: signed(header(typ="JWT")),
    "no type": lambda: signed(payload=claims(typ=...)),
    "a refresh token's type": lambda: signed(payload=claims(typ="refresh")),
    "no subject": lambda: signed(payload=claims(sub=...)),
    "a subject that is no id": lambda: signed(payload=claims(sub="admin")),
    "a subject of another type": lambda: signed(payload=claims(sub=1)),
    "no session": lambda: signed(payload=claims(sid=...)),
    "a session that is no id": lambda: signed(payload=claims(sid="*")),
    "no roles": lambda: signed(payload=claims(roles=...)),
    "roles that are null": lambda: signed(payload=claims(roles=None)),
    "roles as text": lambda: signed(payload=claims(roles="superuser")),
    "roles as an object": lambda: signed(payload=claims(roles={"superuser": True})),
    "a practitioner that is no id": lambda: signed(payload=claims(pid="me")),
    "scopes as a list": lambda: signed(payload=claims(scope=["session"])),
    "a client of another type": lambda: signed(payload=claims(scope="account.read", client_id=1)),
    "an actor as text": lambda: signed(payload=claims(scope="account.read", act="staff")),
    "an actor without an id": lambda: signed(payload=claims(scope="account.read", act={})),
    "an actor that is no id": lambda: signed(payload=claims(scope="account.read", act={"sub": "staff"})),
    "a time of sign-in as text": lambda: signed(payload=claims(auth_time="lately")),
    "methods that are a number": lambda: signed(payload=claims(amr=1)),
}
LIVES: dict[str, Make] = {
    "expired": lambda: signed(payload=claims(iat=now() - 700, exp=now() - 60)),
    "no end": lambda: signed(payload=claims(exp=...)),
    "an end as text": lambda: signed(payload=claims(exp=str(now() + 600))),
    "an end with a fraction": lambda: signed(payload=claims(exp=now() + 600.5)),
    "an end that is true": lambda: signed(payload=claims(exp=True)),
    "an end without end": lambda: signed(payload=claims(exp=10**15)),
    "a life of two days": lambda: signed(payload=claims(exp=now() + 48 * 3600)),
    "no beginning": lambda: signed(payload=claims(iat=...)),
    "from tomorrow": lambda: signed(payload=claims(iat=now() + 86_400, exp=now() + 87_000)),
    "not before tomorrow": lambda: signed(payload=claims(nbf=now() + 86_400)),
    "an ended session": of_ended_session,
}
OTHERS: dict[str, Make] = {
    "a service's": of_service,
    "what the gateway says of a client": of_edge,
    "an ID token by RS256": lambda: signed(rs256(ID_KEY.kid), id_token(), by_rsa(ID_KEY)),
    "an ID token by ES256": lambda: signed(header(typ="JWT"), id_token()),
    "an ID token that names us": lambda: signed(
        header(typ="JWT"), id_token(iss=ISSUER, aud=AUDIENCE, sid=str(new_id()), roles=["user"])
    ),
    "a logout token": lambda: signed(header(typ="logout+jwt"), id_token(sid=str(new_id()))),
    "another client's ID token": lambda: signed(rs256(ID_KEY.kid), id_token(azp="another"), by_rsa(ID_KEY)),
    "an API key": lambda: "est_" + "k" * 43,
    "a refresh token": lambda: text64(b"r" * 32),
    "a mailed token": lambda: text64(b"m" * 48),
}
VECTORS: dict[str, Make] = {
    f"{group}: {name}": make
    for group, vectors in {
        "algorithm": ALGORITHMS,
        "key": KEYS,
        "form": FORMS,
        "claims": CLAIMS,
        "life": LIVES,
        "another kind": OTHERS,
    }.items()
    for name, make in vectors.items()
}
