"""What a WebSocket follows: stored frames, numbered per feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson

from shared.live.writer import encode_text
from shared.records.times import render_utc


@dataclass(frozen=True, slots=True)
class Frame:
    """A stored message; `seq` is its number in its feed and is not sent."""

    seq: int
    id: UUID
    type: str
    data: Any
    created_at: datetime

    def text(self) -> str:
        """The JSON that a client receives."""
        sent = {"id": str(self.id), "type": self.type, "data": self.data, "created_at": render_utc(self.created_at)}
        return orjson.dumps(sent).decode()

    def encoded(self) -> bytes:
        """The same as a WebSocket frame."""
        return encode_text(self.text())


class Feed(Protocol):
    """What one socket follows. `key` names it in hints."""

    key: str

    async def position(self, after: UUID | None) -> int:
        """The number to begin behind: that of the frame `after`, or without it that of the newest frame.

        A frame that is not kept (any more) gives 0: then everything that is kept is sent again.
        """
        ...

    async def fetch(self, position: int, limit: int) -> Sequence[Frame]:
        """The frames behind that number, in their order; Forbidden where the caller's access has ended."""
        ...

    def buffered(self, position: int, limit: int) -> Sequence[Frame] | None:
        """Those of them that are in memory; None where only `fetch` knows."""
        ...
