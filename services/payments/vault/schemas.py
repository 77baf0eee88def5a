"""Bodies and answers of saved cards."""

from datetime import datetime
from typing import Self
from uuid import UUID

from services.payments.stripe.schemas import StripeId
from services.payments.stripe.setups import StripeSetup
from services.payments.vault.domain import CardStatus, SetupStatus
from services.payments.vault.models import PaymentMethod, Setup
from shared.internal.payments import CardError
from shared.web.http import Body, View


class SaveCard(Body):
    """`payment_method` is Stripe's id of a card that Stripe.js made; without it the setup waits for Stripe.js."""

    payment_method: StripeId | None = None


class MethodView(View):
    """A saved card. `expired`: its month is over, in UTC."""

    id: UUID
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    is_default: bool
    status: CardStatus

    @classmethod
    def of(cls, method: PaymentMethod, now: datetime) -> Self:
        """The card as it is at that business time."""
        return cls.showing(method, status=method.status_at(now))


class SetupView(View):
    """A try to save a card. `next_action_url`: the bank wants to see the client there; `method` once it is saved."""

    setup_id: UUID
    status: SetupStatus
    client_secret: str | None
    publishable_key: str
    next_action_url: str | None
    error: CardError | None
    method: MethodView | None

    @classmethod
    def of(cls, setup: Setup, made: StripeSetup, publishable_key: str, method: MethodView | None) -> Self:
        """The setup, with what Stripe says of it now; the error of an earlier card is not shown with a later one."""
        failed = setup.status is SetupStatus.FAILED and made.failure is not None
        waits = setup.status is SetupStatus.REQUIRES_ACTION
        return cls(
            setup_id=setup.id,
            status=setup.status,
            client_secret=setup.client_secret,
            publishable_key=publishable_key,
            next_action_url=made.next_action_url if waits else None,
            error=CardError.model_validate(made.failure) if failed else None,
            method=method,
        )
