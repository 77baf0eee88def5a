"""The Runtime of payments: what every service has, and Stripe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.payments.settings import PaymentsSettings
from services.payments.stripe.gateway import StripeGateway
from services.payments.vault.card_users import CardUser
from shared.runtime import Runtime
from shared.web.http import runtime_of


@dataclass(frozen=True)
class PaymentsRuntime(Runtime):
    """Adds the provider, the settings, and what is charged to saved cards later; made in `create_app`."""

    stripe: StripeGateway
    settings: PaymentsSettings
    card_users: Sequence[CardUser] = ()


Rt = Annotated[PaymentsRuntime, Depends(runtime_of)]
