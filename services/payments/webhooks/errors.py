"""Why a webhook is not taken."""

from shared.errors import AppError


class BadSignature(AppError):
    """A webhook without a valid, recent signature by one of our secrets."""

    status, title, code, detail = 400, "Bad request", "bad_signature", "The signature of this call is not valid."


class BadEvent(AppError):
    """A webhook that is signed but is not an event."""

    status, title, code, detail = 400, "Bad request", "bad_event", "The body of this call is not an event."
