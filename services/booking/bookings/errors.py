"""What a booking refuses."""

from shared.errors import Conflict


class AlreadyStarted(Conflict):
    """Too late to cancel or to move."""

    code, detail = "already_started", "The session has started."


class NotEnded(Conflict):
    """A session is completed, or missed, only after its end."""

    code, detail = "not_ended", "The session has not ended yet."
