"""What the client of a chat socket sends."""

from typing import Any

from pydantic import BaseModel


class ClientMessage(BaseModel):
    """One message; what `data` holds depends on the type."""

    type: str
    data: dict[str, Any] = {}

    @property
    def client_id(self) -> str | None:
        """The name that the client gave its message; None where that is not a text, which is refused with it."""
        given = self.data.get("client_id")
        return given if isinstance(given, str) else None
