"""Why a saved card is refused."""

from shared.errors import Conflict


class MethodInUse(Conflict):
    """The last valid card, while something is to be charged to one."""

    code, detail = "method_in_use", "This card is still needed. Save another one first."
