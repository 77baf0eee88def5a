"""Why a payout is refused."""

from shared.errors import Conflict, Invalid, NotFound


class PayoutAccountMissing(Conflict):
    """There is no Stripe account to pay to."""

    code, detail = "payout_account_missing", "Set up a payout account first."


class NoPayoutAccount(NotFound):
    """There is no Stripe account to show."""

    code, detail = "payout_account_missing", "There is no payout account yet."


class BelowMinimum(Invalid):
    """The amount is below the least payout."""

    code, detail = "below_minimum", "This is below the least amount that is paid out."


class InsufficientFunds(Invalid):
    """More was asked for than is available."""

    code, detail = "insufficient_funds", "This is more than is available."


class PayoutsNotEnabled(Conflict):
    """Stripe does not let this account be paid out now; no attempt is made (rule 17)."""

    code, detail = "payouts_not_enabled", "The practitioner's Stripe account cannot receive payouts now."


class NotReversible(Conflict):
    """Stripe does not give the money back: the payout needs attention as before."""

    code, detail = "not_reversible", "The payment provider does not give the money back."


class TransferRefused(Conflict):
    """Stripe refused the transfer for good: the payout failed and the amount is available again."""

    code, detail = "transfer_refused", "The payment provider refused the transfer."


class PayoutOnHold(Conflict):
    """A dispute, or another cause, holds money of the payout: its transfer must not be made."""

    code, detail = "payout_held", "Money of this payout is held now."


class PayoutsOnHold(Conflict):
    """A suspension, or another cause, holds the practitioner's payouts: they wait until it ends."""

    code, detail = "payouts_on_hold", "Payouts to this account are on hold."


class HoldChanged(Conflict):
    """The id is that of another cause, or of one that holds something else."""

    code, detail = "hold_changed", "This cause is known already, and holds something else."
