"""What is refused about acting in a person's place."""

from shared.errors import Conflict


class StaffAccount(Conflict):
    """Those at work for the platform speak for themselves."""

    code, detail = "staff_account", "Nobody acts in the place of those who work for the platform."
