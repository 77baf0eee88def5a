"""Bodies of payouts."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.payments.payouts.domain import PayoutSchedule, PayoutStatus
from services.payments.payouts.models import Payout, PayoutAccount
from shared.records.money import Money, PositiveMoney
from shared.web.http import Body, LongText, Text, UtcTime, View


class AccountRequest(Body):
    """Leaves the schedule as it is (at first manual) where none is given."""

    payout_schedule: PayoutSchedule | None = None


class AccountView(View):
    """The practitioner's Stripe account in its present state."""

    stripe_account_id: str
    onboarding_url: str
    charges_enabled: bool
    payouts_enabled: bool
    payout_schedule: PayoutSchedule

    @classmethod
    def of(cls, account: PayoutAccount, onboarding_url: str) -> Self:
        """The account, with a fresh link to its onboarding."""
        return cls.showing(
            account,
            stripe_account_id=account.stripe_account_id or "",
            onboarding_url=onboarding_url,
            payout_schedule=account.schedule,
        )


class PayoutRequest(Body):
    """No amount: all that is available."""

    amount: PositiveMoney | None = None


class Rejection(Body):
    """Why staff refuse it; the practitioner sees this."""

    reason: Annotated[LongText, Field(max_length=2000)] | None = None


class PaidOutside(Body):
    """Where the payment that staff made, or found, can be looked up."""

    reference: Annotated[Text, Field(min_length=1, max_length=200)]


class PayoutView(View):
    """A payout."""

    id: UUID
    practitioner_id: UUID
    amount: Money
    status: PayoutStatus
    stripe_transfer_id: str | None
    reason: str | None
    reference: str | None
    created_at: UtcTime
    approved_at: UtcTime | None
    paid_at: UtcTime | None

    @classmethod
    def of(cls, payout: Payout) -> Self:
        """The row as a body."""
        return cls.showing(
            payout, amount=payout.money, stripe_transfer_id=payout.transfer_id, reason=payout.shown_reason
        )
