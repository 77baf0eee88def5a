"""Frames that are encoded once for all sockets, and frames that are not stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from shared.live.feeds import Frame
from shared.live.writer import encode_text

PresenceChange = Literal["online", "offline", "typing"]


class TransientFrame(NamedTuple):
    """A frame that is sent and not stored; `created_at` is business time."""

    type: str
    data: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EncodedFrame(Frame):
    """A frame with its JSON and its bytes."""

    as_json: str
    as_bytes: bytes

    @classmethod
    def of(cls, frame: Frame) -> "EncodedFrame":
        """Encodes it."""
        as_json = frame.text()
        return cls(frame.seq, frame.id, frame.type, frame.data, frame.created_at, as_json, encode_text(as_json))

    def text(self) -> str:
        """The JSON that every socket sends."""
        return self.as_json

    def encoded(self) -> bytes:
        """The bytes that every socket sends."""
        return self.as_bytes


def presence_frame(user_id: UUID, change: PresenceChange, moment: datetime) -> TransientFrame:
    """The frame that says that the user came, went or types."""
    if change == "typing":
        return TransientFrame("typing", {"user_id": str(user_id)}, moment)
    return TransientFrame("presence", {"user_id": str(user_id), "online": change == "online"}, moment)
