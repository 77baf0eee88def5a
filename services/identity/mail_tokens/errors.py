"""What is refused about mailed tokens."""

from shared.errors import Invalid


class TokenInvalid(Invalid):
    """The same answer for a token that never was, has expired, was used, or was replaced by a newer mail."""

    code, detail = "token_invalid", "This link is not valid any more. Ask for a new mail."
    field = "token"
