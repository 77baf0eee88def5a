"""What is refused about practitioners."""

from shared.errors import Conflict, Forbidden


class AlreadyApplied(Conflict):
    """A user is one practitioner at most; a change goes through PUT."""

    code, detail = "already_applied", "You have applied already. Change your profile instead."


class NotApproved(Forbidden):
    """The token may still carry the role; what staff decided last counts."""

    code, detail = "practitioner_required", "This needs a practitioner whom staff has approved."


class AccountDeactivated(Conflict):
    """Nobody decides about a practitioner whose account is no more."""

    code, detail = "account_deactivated", "The account of this practitioner is deactivated."
