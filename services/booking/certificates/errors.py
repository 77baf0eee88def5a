"""Why there is no certificate."""

from shared.errors import Conflict


class NotEarned(Conflict):
    """Too few sessions were attended, or of some it is not recorded."""

    code, detail = (
        "not_earned",
        "There is no certificate: too few sessions were attended, or some are not recorded yet.",
    )
