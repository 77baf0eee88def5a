"""Names and ids of frames."""

import secrets
from uuid import UUID, uuid5


def feed_key(conversation_id: UUID) -> str:
    """The name of a conversation's frames in hints."""
    return f"chat:{conversation_id}"


def receipt_frame_id(conversation_id: UUID, seq: int) -> UUID:
    """The id of the receipt frame with that number: equal in every process; `number_in` reads the number back."""
    return _numbered(seq, uuid5(conversation_id, str(seq)).int)


def transient_frame_id(seq: int) -> UUID:
    """A new id for a frame that is not stored; a socket that resumes after it resumes after the stored frame `seq`."""
    return _numbered(seq, secrets.randbits(128))


def number_in(frame_id: UUID) -> int | None:
    """The number that such an id carries; None for a message's id."""
    return frame_id.int >> 80 if frame_id.version == 8 else None


def _numbered(seq: int, tail: int) -> UUID:
    """A UUIDv8 (RFC 9562): 48 bits of number, the rest from `tail`."""
    return UUID(int=seq << 80 | 0x8 << 76 | (tail >> 62 & 0xFFF) << 64 | 0b10 << 62 | tail & (2**62 - 1))
