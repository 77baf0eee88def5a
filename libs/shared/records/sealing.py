"""Secrets at rest: AES-256-GCM, bound to the place where they lie, under data keys that the operator's keys wrap.

A sealed secret is `0x01`, the id of its data key (16 bytes), a nonce (12 bytes) and the ciphertext with its tag.
"""

import json
import os
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.records.ids import new_id

FORMAT = b"\x01"
HEAD, NONCE, KEY = 17, 12, 32
KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")


class NotOpened(Exception):
    """Sealed for another place or under a key that is not here, or changed since."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """What seals secrets; it is stored wrapped, and names itself in what it sealed."""

    id: UUID
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """A random one."""
        return cls(new_id(), AESGCM.generate_key(KEY * 8))

    def seal(self, plain: bytes, *place: str) -> bytes:
        """Sealed for that place: nowhere else does it open."""
        head = FORMAT + self.id.bytes
        return head + _encrypted(self.secret, plain, head, *place)

    def open(self, sealed: bytes, *place: str) -> bytes:
        """What was sealed for that place; raises NotOpened."""
        return _decrypted(self.secret, sealed[HEAD:], sealed[:HEAD], *place)


def data_key_id(sealed: bytes) -> UUID:
    """Which data key sealed it; raises NotOpened for what this release cannot read."""
    if len(sealed) < HEAD + NONCE or not sealed.startswith(FORMAT):
        raise NotOpened
    return UUID(bytes=sealed[1:HEAD])


class Wrapping(Protocol):
    """What wraps data keys. It may ask a service of the cloud: its calls block, and run in a thread."""

    @property
    def first(self) -> str:
        """The name of the key that wraps, at most 40 characters, stored beside what it wrapped."""

    def wrap(self, key: DataKey) -> bytes:
        """The data key as it may be stored."""

    def unwrap(self, key_id: UUID, wrapped: bytes, wrapped_by: str) -> DataKey:
        """Raises NotOpened where the key that wrapped it is not here."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The operator's keys by their ids, 32 bytes each: the first wraps, all open."""

    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `<id>:<base64 of 32 bytes>,...`; raises ValueError, which never shows a key."""
        keys: dict[str, bytes] = {}
        for number, part in enumerate(text.split(","), 1):
            name, _, encoded = part.strip().partition(":")
            if not KEY_ID.fullmatch(name) or name in keys:
                raise ValueError(f"key {number} needs an id of its own: <id>:<base64 of 32 bytes>")
            keys[name] = _secret_of(name, encoded)
        return cls(keys)

    @classmethod
    def derived(cls, secret: str, purpose: str) -> Self:
        """One key that follows from the install's secret (HKDF-SHA256)."""
        return cls({"derived": HKDF(SHA256(), KEY, salt=None, info=purpose.encode()).derive(secret.encode())})

    @property
    def first(self) -> str:
        """The id of the key that wraps."""
        return next(iter(self.keys))

    def wrap(self, key: DataKey) -> bytes:
        """The data key as it may be stored."""
        return _encrypted(self.keys[self.first], key.secret, b"data key", str(key.id))

    def unwrap(self, key_id: UUID, wrapped: bytes, wrapped_by: str) -> DataKey:
        """Raises NotOpened where the key that wrapped it is not here."""
        if wrapped_by not in self.keys:
            raise NotOpened
        return DataKey(key_id, _decrypted(self.keys[wrapped_by], wrapped, b"data key", str(key_id)))


def _secret_of(name: str, encoded: str) -> bytes:
    try:
        secret = b64decode(encoded, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != KEY:
        raise ValueError(f"{name} is no base64 of {KEY} bytes (openssl rand -base64 {KEY})")
    return secret


def _encrypted(secret: bytes, plain: bytes, head: bytes, *place: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(secret).encrypt(nonce, plain, head + json.dumps(place).encode())


def _decrypted(secret: bytes, sealed: bytes, head: bytes, *place: str) -> bytes:
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE], sealed[NONCE:], head + json.dumps(place).encode())
    except (InvalidTag, ValueError):
        raise NotOpened from None
