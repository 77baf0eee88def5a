"""What posts refuse."""

from shared.errors import Conflict, Forbidden


class Locked(Forbidden):
    """The post exists, but its body, comments and poll need a higher tier."""

    code, detail = "locked", "This post needs a higher tier of its stream."


class PollFixed(Conflict):
    """The poll may have been seen."""

    code, detail = "poll_fixed", "A poll cannot be changed once its post is published."
