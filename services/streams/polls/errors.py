"""What polls refuse."""

from shared.errors import Conflict


class AlreadyVoted(Conflict):
    """One vote per user, and it stays."""

    code, detail = "already_voted", "You have voted in this poll."


class PollClosed(Conflict):
    """The poll's time is over."""

    code, detail = "poll_closed", "This poll is closed."
