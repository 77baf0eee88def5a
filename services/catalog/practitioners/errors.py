"""What is refused about practitioners."""

from shared.errors import Conflict, Forbidden


class AlreadyApplied(Conflict):
    """A user is one practitioner at most; a change goes through PUT."""

    code, detail = "already_applied", "You have applied already. Change your profile instead."


class NotApproved(Forbidden):
    """The token may still carry the role; the last decision of staff counts."""

    code, detail = "practitioner_required", "This needs a practitioner whom staff has approved."


class AccountDeactivated(Conflict):
    """The account of the practitioner has ended, so there is nothing to decide."""

    code, detail = "account_deactivated", "The account of this practitioner is deactivated."
