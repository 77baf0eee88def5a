"""What is refused about accounts of those at work."""

from shared.errors import Conflict


class OwnAccount(Conflict):
    """Nobody takes their own access, or gives themselves more."""

    code, detail = "own_account", "This is your own account."
