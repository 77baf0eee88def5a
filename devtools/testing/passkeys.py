"""A software authenticator: makes and uses passkeys as a browser does, for tests without one."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

Json = dict[str, Any]
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
"""Flags of WebAuthn's authenticator data."""


@dataclass
class SoftPasskey:
    """One passkey of a page of that origin.

    `verifies`: it asks for its user's finger or PIN. `step`: by how much its counter grows with each use, 0 for one
    that has none.
    """

    origin: str
    verifies: bool = True
    step: int = 0
    counter: int = 0
    user_handle: str | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))

    def create(self, options: Json) -> Json:
        """The answer of `navigator.credentials.create` to these options."""
        self.user_handle = options["user"]["id"]
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self._public_key()
        data = self._authenticator_data(options["rp"]["id"], ATTESTED, credential)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", options["challenge"])
        return self._credential(client_data, attestationObject=_text(attestation), transports=["internal"])

    def get(self, options: Json, rp_id: str | None = None) -> Json:
        """The answer of `navigator.credentials.get` to these options, or for another relying party."""
        self.counter += self.step
        data = self._authenticator_data(rp_id or options["rpId"])
        client_data = self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        signed = {"authenticatorData": _text(data), "signature": _text(signature), "userHandle": self.user_handle}
        return self._credential(client_data, **signed)

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return cbor2.dumps({1: 2, 3: -7, -1: 1, **point})

    def _authenticator_data(self, rp_id: str, more: int = 0, credential: bytes = b"") -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.counter) + credential

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _credential(self, client_data: bytes, **response: Any) -> Json:
        own = {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "clientExtensionResults": {}}
        return own | {"response": {"clientDataJSON": _text(client_data), **response}}


def spoiled(text: str) -> str:
    """The same base64url with its last byte changed."""
    raw = bytearray(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    raw[-1] ^= 1
    return _text(bytes(raw))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
