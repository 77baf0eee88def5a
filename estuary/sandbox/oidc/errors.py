"""What a provider answers to a request that it refuses."""


class OAuthRefusal(Exception):
    """An error of OAuth 2 by its code, for JSON or for the way back."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        """`status` is that of an answer in JSON."""
        super().__init__(error)
        self.error, self.description, self.status = error, description, status

    @property
    def fields(self) -> dict[str, str]:
        """The code, and what it says of it."""
        return {"error": self.error} | ({"error_description": self.description} if self.description else {})


class UnknownClient(Exception):
    """A client or an address to return to that nobody registered: nothing goes back there."""
