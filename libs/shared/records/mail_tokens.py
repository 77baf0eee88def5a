"""Tokens in mailed links. A token follows from the id of its row, its kind and a key of the install, so that nothing
secret is stored or sent on the bus."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

ID_BYTES, PROOF_BYTES = 16, 32
LENGTH = 64
"""Characters of a token: the id and the proof in base64url."""


def mail_token(key: bytes, kind: str, row_id: UUID) -> str:
    """The token of that row: always the same one."""
    return urlsafe_b64encode(row_id.bytes + _proof(key, kind, row_id)).decode()


def row_of(key: bytes, kind: str, token: str) -> UUID | None:
    """The id of the row whose token it is; None for one of another kind, another install, or none at all."""
    try:
        raw = urlsafe_b64decode(token) if len(token) == LENGTH and token.isascii() else b""
    except ValueError:
        return None
    if len(raw) != ID_BYTES + PROOF_BYTES:
        return None
    row_id = UUID(bytes=raw[:ID_BYTES])
    return row_id if hmac.compare_digest(mail_token(key, kind, row_id), token) else None


def _proof(key: bytes, kind: str, row_id: UUID) -> bytes:
    return hmac.digest(key, f"{kind}:".encode() + row_id.bytes, "sha256")
