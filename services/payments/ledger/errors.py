"""Why the ledger refuses."""

from shared.errors import Conflict


class BalanceTooLow(Conflict):
    """A posting would take an account with a live limit below zero; the whole transaction is undone."""

    code, detail = "balance_too_low", "There is not enough money on the account."
